"""India, Egypt, United Arab Emirates, Nigeria."""

from __future__ import annotations

from webapp.demo.countries.shape import Country, Names, Series, cities

INDIAN = Names(
    "Aarav, Priya, Arjun, Ananya, Rohan, Kavya, Vikram, Sneha, Rahul, Pooja, Aditya, Ishita,"
    " Karthik, Divya, Sanjay, Meera, Nikhil, Lakshmi, Harpreet, Gurdeep, Imran, Fatima, Joseph,"
    " Anjali, Suresh, Radhika",
    "Sharma, Patel, Singh, Kumar, Gupta, Reddy, Iyer, Nair, Das, Mehta, Joshi, Rao, Verma,"
    " Chatterjee, Kaur, Khan, Fernandes, Pillai, Banerjee, Deshpande, Menon, Agarwal",
    ("English", "English", "Hindi"),
)
DEVANAGARI = Names(
    "आरव=aarav, प्रिया=priya, अर्जुन=arjun, अनन्या=ananya, रोहन=rohan, काव्या=kavya, विक्रम=vikram,"
    " स्नेहा=sneha, राहुल=rahul, पूजा=pooja, सुनीता=sunita, मोहित=mohit, दीपिका=deepika, हृतिक=hrithik",
    "शर्मा=sharma, पटेल=patel, सिंह=singh, कुमार=kumar, गुप्ता=gupta, मिश्रा=mishra, जोशी=joshi,"
    " वर्मा=verma, यादव=yadav, देशपांडे=deshpande, त्रिपाठी=tripathi",
    ("Hindi",),
)
TAMIL = Names(
    "கார்த்திக்=karthik, திவ்யா=divya, முருகன்=murugan, லட்சுமி=lakshmi, அருண்=arun, கவிதா=kavitha",
    "சுப்பிரமணியன்=subramanian, ராஜன்=rajan, குமார்=kumar, நடராஜன்=natarajan, செல்வம்=selvam",
    ("English",),
)
ARABIC = Names(
    "محمد=mohamed, فاطمة=fatma, أحمد=ahmed, مريم=mariam, عمر=omar, نور=nour, يوسف=youssef,"
    " سارة=sara, خالد=khaled, ليلى=laila, حسن=hassan, هدى=hoda, مصطفى=mostafa, آية=aya, علي=ali,"
    " رانيا=rania, كريم=karim, ياسمين=yasmin",
    "حسن=hassan, السيد=elsayed, إبراهيم=ibrahim, عبد الرحمن=abdelrahman, محمود=mahmoud,"
    " منصور=mansour, فؤاد=fouad, الشريف=elsherif, سليمان=soliman, عثمان=osman, المصري=elmasry,"
    " حداد=haddad, النجار=elnaggar",
    ("Arabic",),
)
ARABIC_IN_LATIN = Names(
    "Mohamed, Fatma, Ahmed, Mariam, Omar, Nour, Youssef, Sara, Khaled, Laila, Hassan, Mona",
    "Hassan, El Sayed, Ibrahim, Abdel Rahman, Mahmoud, Mansour, Fouad, El Sherif, Soliman,"
    " Al Mansoori, Al Hashimi, Haddad",
    ("Arabic", "English"),
)

# libphonenumber knows no operator for 6010 to 6019, 6040 and 6041.
INDIA = Country(
    code="IN",
    weight=12,
    names=((68, INDIAN), (24, DEVANAGARI), (8, TAMIL)),
    cities=cities(
        {
            "Mumbai": ("+916010",),
            "Delhi": ("+916011",),
            "Bengaluru": ("+916012",),
            "Hyderabad": ("+916013",),
            "Chennai": ("+916014",),
            "Kolkata": ("+916015",),
            "Pune": ("+916016",),
            "Ahmedabad": ("+916017",),
            "Jaipur": ("+916018",),
            "Kochi": ("+916019",),
        },
        6,
    ),
    overflow=Series(("+916040", "+916041"), 6),
)

# Nothing is kept for fiction here; subscriber numbers that begin with 000 are the least likely.
EGYPT = Country(
    code="EG",
    weight=4,
    names=((65, ARABIC), (35, ARABIC_IN_LATIN)),
    cities=cities(
        {
            "Cairo": ("+2010000", "+2011000"),
            "Alexandria": ("+2012000",),
            "Giza": ("+2015000",),
        },
        5,
    ),
    overflow=Series(("+2010001",), 5),
)
EMIRATES = Country(
    code="AE",
    weight=3,
    names=((45, ARABIC), (30, ARABIC_IN_LATIN), (25, INDIAN)),
    cities=cities(
        {
            "Dubai": ("+97150000", "+97152000"),
            "Abu Dhabi": ("+97154000", "+97155000"),
            "Sharjah": ("+97156000", "+97158000"),
        },
        4,
    ),
    overflow=Series(("+9715001", "+9715201", "+9715501"), 5),
)
# libphonenumber knows no operator for 710 to 714.
NIGERIA = Country(
    code="NG",
    weight=4,
    names=(
        (
            100,
            Names(
                "Chidi, Ngozi, Emeka, Adaeze, Tunde, Folasade, Ibrahim, Aisha, Olúwaṣeun, Yẹ́misí,"
                " Chinedu, Amara, Bola, Zainab, Kelechi, Ifeoma, Musa, Blessing, Obinna, Títílayọ̀",
                "Okafor, Adeyemi, Eze, Bello, Okonkwo, Balogun, Nwosu, Abubakar, Adébáyọ̀, Uche,"
                " Ogunleye, Danjuma, Ọláwálé, Nnamdi, Akinwale, Ekwueme",
                ("English",),
            ),
        ),
    ),
    cities=cities(
        {
            "Lagos": ("+234710",),
            "Abuja": ("+234711",),
            "Ibadan": ("+234712",),
            "Kano": ("+234713",),
        },
        7,
    ),
    overflow=Series(("+234714",), 7),
)
