"""United Kingdom, Spain, Germany, France, Italy."""

from __future__ import annotations

from webapp.demo.countries.shape import Country, Names, Series, cities

# Ofcom's numbers for use in TV and radio drama; then 7100, for which
# libphonenumber knows no operator.
UNITED_KINGDOM = Country(
    code="GB",
    weight=10,
    names=(
        (
            80,
            Names(
                "Oliver, Amelia, George, Isla, Harry, Ava, Jack, Emily, Charlie, Sophie, Thomas,"
                " Grace, William, Freya, Alfie, Poppy, Callum, Niamh, Rhys, Siân, Ewan, Eilidh,"
                " Gareth, Fiona, Alistair, Zoë, Chloë, Imogen",
                "Smith, Jones, Taylor, Brown, Williams, Wilson, Davies, Evans, Thomas, Johnson,"
                " Roberts, Walker, Wright, Robinson, Thompson, White, Hughes, Edwards, Green,"
                " Hall, Wood, Harris, Clarke, MacLeod, O'Neill, Ó Briain, Llewellyn,"
                " Fitzgerald-Hughes",
                ("English",),
            ),
        ),
        (
            20,
            Names(
                "Aisha, Mohammed, Priya, Arjun, Fatima, Imran, Chidi, Adaeze, Wei, Kasia",
                "Khan, Patel, Ahmed, Begum, Singh, Ali, Okafor, Chowdhury, Wójcik, Hussain",
                ("English",),
            ),
        ),
    ),
    cities=cities(
        {
            "London": ("+442079460",),
            "Manchester": ("+441614960",),
            "Birmingham": ("+441214960",),
            "Leeds": ("+441134960",),
            "Glasgow": ("+441414960",),
            "Edinburgh": ("+441314960",),
            "Bristol": ("+441174960",),
            "Liverpool": ("+441514960",),
            "Sheffield": ("+441144960",),
            "Newcastle": ("+441914980",),
            "Cardiff": ("+442920180",),
            "Belfast": ("+442896496",),
        },
        3,
    ),
    overflow=Series(("+447100",), 6),
)

# libphonenumber knows no operator for 710 to 713.
SPAIN = Country(
    code="ES",
    weight=8,
    names=(
        (
            100,
            Names(
                "Antonio, Carmen, Manuel, Lucía, José, Martina, Javier, Paula, David, Sara, Ángel,"
                " Núria, Pablo, Laia, Álvaro, Begoña, Iñaki, Ainhoa, Jordi, Montserrat, Rubén,"
                " Inés, Xoán, Noa, Óscar, Belén",
                "García, Fernández, González, Rodríguez, López, Martínez, Sánchez, Pérez, Gómez,"
                " Martín, Jiménez, Ruiz, Hernández, Díaz, Moreno, Muñoz, Álvarez, Romero, Alonso,"
                " Gutiérrez, Navarro, Domínguez, Etxeberria, Puig, Castaño, Ibáñez",
                ("Spanish",),
                families=2,
            ),
        ),
    ),
    cities=cities(
        {
            "Madrid": ("+347100",),
            "Barcelona": ("+347101",),
            "Valencia": ("+347102",),
            "Sevilla": ("+347103",),
            "Zaragoza": ("+347104",),
            "Málaga": ("+347105",),
            "Bilbao": ("+347106",),
            "A Coruña": ("+347107",),
        },
        5,
    ),
    overflow=Series(("+34713",), 6),
)

# The Bundesnetzagentur's numbers for media productions; then 1500, for which
# libphonenumber knows no operator.
GERMANY = Country(
    code="DE",
    weight=7,
    names=(
        (
            82,
            Names(
                "Lukas, Anna, Felix, Lena, Jonas, Mia, Maximilian, Hannah, Paul, Sophie, Jürgen,"
                " Käthe, Björn, Jörg, Günther, Renate, Stefan, Sabine, Matthias, Katrin, Uwe,"
                " Änne, Sören, Friederike",
                "Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz,"
                " Hoffmann, Schäfer, Koch, Bauer, Richter, Klein, Wolf, Schröder, Neumann,"
                " Schwarz, Zimmermann, Krüger, Weiß, Groß, Jäger, Köhler, von der Heyde",
                ("German",),
            ),
        ),
        (
            18,
            Names(
                "Mehmet, Ayşe, Emre, Elif, Oğuz, Zeynep, Piotr, Agnieszka, Dragana, Łukasz",
                "Yılmaz, Şahin, Öztürk, Kaya, Demir, Kowalczyk, Nowak, Wiśniewski, Petrović",
                ("German",),
            ),
        ),
    ),
    cities=cities(
        {
            "Berlin": ("+493023125",),
            "Hamburg": ("+494066969",),
            "München": ("+498999998",),
            "Köln": ("+492214710",),
            "Frankfurt": ("+496990009",),
        },
        3,
    ),
    overflow=Series(("+491500",), 7),
)

# Arcep's numbers for works of fiction, by region; then 7300, for which
# libphonenumber knows no operator.
FRANCE = Country(
    code="FR",
    weight=6,
    names=(
        (
            82,
            Names(
                "Léa, Gabriel, Emma, Louis, Chloé, Raphaël, Manon, Jules, Inès, Hugo, Zoé, Théo,"
                " Anaïs, Noël, Françoise, Jérôme, Hélène, Benoît, Céline, Rémi, Maëlle, Loïc,"
                " Amélie, François",
                "Martin, Bernard, Dubois, Thomas, Robert, Richard, Petit, Durand, Leroy, Moreau,"
                " Simon, Laurent, Lefèvre, Michel, Garcia, Fournier, Girard, Bonnet, Lambert,"
                " Rousseau, Chevalier, Garçon, Le Goff, d'Aubigné, Bélanger, Mercier",
                ("French",),
            ),
        ),
        (
            18,
            Names(
                "Yasmine, Karim, Aminata, Mamadou, Nadia, Rachid, Fatoumata, Mehdi, Linh",
                "Benali, Diallo, Traoré, Cissé, Haddad, Nguyen, Bouzid, Koné, N'Diaye",
                ("French",),
            ),
        ),
    ),
    cities=cities(
        {
            "Paris": ("+3319900",),
            "Nantes": ("+3326191",),
            "Strasbourg": ("+3335301",),
            "Lyon": ("+3346571",),
            "Bordeaux": ("+3353649",),
        },
        4,
    ),
    overflow=Series(("+337300",), 5),
)

# libphonenumber knows no operator for 310 to 313.
ITALY = Country(
    code="IT",
    weight=5,
    names=(
        (
            100,
            Names(
                "Giulia, Francesco, Sofia, Alessandro, Aurora, Lorenzo, Martina, Matteo, Chiara,"
                " Leonardo, Nicolò, Beatrice, Andrea, Ginevra, Giosuè, Elisa, Davide, Ilaria,"
                " Tommaso, Letizia",
                "Rossi, Russo, Ferrari, Esposito, Bianchi, Romano, Colombo, Ricci, Marino, Greco,"
                " Bruno, Gallo, Conti, De Luca, Mancini, Costa, Giordano, Rizzo, Lombardi,"
                " D'Angelo, Niccolò, Dall'Acqua, Pepè",
                ("Italian",),
            ),
        ),
    ),
    cities=cities(
        {
            "Roma": ("+393100",),
            "Milano": ("+393101",),
            "Napoli": ("+393102",),
            "Torino": ("+393103",),
            "Palermo": ("+393104",),
            "Bologna": ("+393105",),
            "Firenze": ("+393106",),
            "Venezia": ("+393107",),
        },
        6,
    ),
    overflow=Series(("+393130",), 6),
)
