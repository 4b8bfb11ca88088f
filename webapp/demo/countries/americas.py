"""United States, Mexico, Brazil."""

from __future__ import annotations

from webapp.demo.countries.shape import City, Country, Names, Series, cities


def _fictional(name: str, *areas: str) -> City:
    """Give a US city: 555-01xx is kept for fiction (NANPA); other 555 lines ring hardly ever."""
    first = Series(tuple(f"+1{area}55501" for area in areas), 2)
    further = Series(tuple(f"+1{area}555{d}" for area in areas for d in "23456789"), 3)
    return City(name, (first, further))


UNITED_STATES = Country(
    code="US",
    weight=20,
    names=(
        (
            70,
            Names(
                "James, Mary, Robert, Patricia, John, Jennifer, Michael, Linda, David, Elizabeth,"
                " William, Susan, Richard, Jessica, Joseph, Karen, Thomas, Nancy, Daniel, Emily,"
                " Matthew, Ashley, Anthony, Kimberly, Mark, Michelle, Andrew, Amanda, Joshua,"
                " Melissa, Kevin, Rebecca, Brian, Laura, Tyler, Hannah, Jordan, Olivia, Noah, Ava",
                "Smith, Johnson, Williams, Brown, Jones, Davis, Miller, Wilson, Anderson, Taylor,"
                " Thomas, Moore, Jackson, Martin, Lee, Thompson, White, Harris, Clark, Lewis,"
                " Robinson, Walker, Young, Allen, King, Wright, Scott, Hill, Green, Adams, Baker,"
                " Nelson, Carter, Mitchell, Roberts, Campbell, O'Connor, McDonald, Kowalski,"
                " Schneider",
                ("English",),
            ),
        ),
        (
            20,
            Names(
                "Sofía, Isabella, Mateo, Diego, Camila, Valeria, Luis, Ángel, Gabriela, Andrés,"
                " Lucía, Daniel, Mariana, Javier, Elena",
                "García, Rodríguez, Martínez, Hernández, López, González, Pérez, Sánchez,"
                " Ramírez, Torres, Flores, Rivera, Díaz, Reyes, Cruz",
                ("Spanish", "English"),
            ),
        ),
        (
            10,
            Names(
                "Grace, Kevin, Jenny, Michael, Amy, Daniel, Emily, Eric, Linh, Minh, Wei, Mei",
                "Chen, Nguyễn, Kim, Wang, Park, Tran, Liu, Patel, Lê, Wong, Choi, Yang",
                ("English",),
            ),
        ),
    ),
    cities=(
        _fictional("New York", "212", "646", "718", "917", "347"),
        _fictional("Los Angeles", "213", "310", "323", "818"),
        _fictional("Chicago", "312", "773", "708"),
        _fictional("Houston", "713", "281", "832"),
        _fictional("San Francisco", "415", "628", "510"),
        _fictional("Miami", "305", "786", "954"),
        _fictional("Seattle", "206", "425", "253"),
        _fictional("Boston", "617", "857", "781"),
        _fictional("Denver", "303", "720"),
        _fictional("Atlanta", "404", "678", "770"),
        _fictional("Austin", "512", "737"),
        _fictional("Portland", "503", "971"),
    ),
    overflow=Series(
        tuple(
            f"+1{area}555{digit}"
            for area in ("602", "480", "215", "267", "614", "704", "901", "615", "504", "313")
            for digit in "23456789"
        ),
        3,
    ),
)

# A Mexican subscriber number does not begin with 0, so these cannot be dialled.
MEXICO = Country(
    code="MX",
    weight=9,
    names=(
        (
            100,
            Names(
                "José, María, Juan, Guadalupe, Luis, Fernanda, Carlos, Ximena, Miguel, Valentina,"
                " Jesús, Daniela, Alejandro, Regina, Francisco, Renata, Ángel, Sofía, Emiliano,"
                " Itzel, Sebastián, Natalia, Ricardo, Paola, Héctor, Citlali, Raúl, Verónica",
                "Hernández, García, Martínez, López, González, Pérez, Rodríguez, Sánchez, Ramírez,"
                " Cruz, Flores, Gómez, Morales, Vázquez, Reyes, Jiménez, Torres, Díaz, Gutiérrez,"
                " Ruiz, Mendoza, Aguilar, Ortiz, Castillo, Núñez, Peña",
                ("Spanish",),
                families=2,
            ),
        ),
    ),
    cities=cities(
        {
            "Ciudad de México": ("+525500",),
            "Guadalajara": ("+523300",),
            "Monterrey": ("+528100",),
            "Puebla": ("+522220",),
            "Mérida": ("+529990",),
            "Querétaro": ("+524420",),
        },
        6,
    ),
    overflow=Series(("+526640", "+526140"), 6),
)

# libphonenumber knows no operator for mobiles that begin with 90 after their area code.
BRAZIL = Country(
    code="BR",
    weight=12,
    names=(
        (
            100,
            Names(
                "Ana, João, Maria, Pedro, Beatriz, Lucas, Juliana, Gabriel, Letícia, Rafael,"
                " Camila, Matheus, Fernanda, Thiago, Mariana, Felipe, Larissa, Gustavo, Patrícia,"
                " Vinícius, Cauã, Luíza, Antônio, Conceição, Rodrigo, Bruna, Otávio, Íris",
                "Silva, Santos, Oliveira, Souza, Rodrigues, Ferreira, Alves, Pereira, Lima, Gomes,"
                " Costa, Ribeiro, Martins, Carvalho, Almeida, Lopes, Soares, Fernandes, Vieira,"
                " Barbosa, Rocha, Dias, Nascimento, Andrade, Moreira, Araújo, Gonçalves,"
                " Magalhães, da Conceição",
                ("Portuguese",),
                families=2,
            ),
        ),
    ),
    cities=cities(
        {
            "São Paulo": ("+551190",),
            "Rio de Janeiro": ("+552190",),
            "Belo Horizonte": ("+553190",),
            "Curitiba": ("+554190",),
            "Porto Alegre": ("+555190",),
            "Brasília": ("+556190",),
            "Salvador": ("+557190",),
            "Recife": ("+558190",),
            "Fortaleza": ("+558590",),
        },
        7,
    ),
    overflow=Series(("+551990",), 7),
)
