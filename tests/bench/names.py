"""Names of made-up companies and people in many languages; words only, no real company is meant."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True)
class Names:
    """One language's words: what companies are called after, what they do, their legal forms, and people."""

    stems: tuple[str, ...]
    trades: tuple[str, ...]
    forms: tuple[str, ...]
    surnames: tuple[str, ...]
    given: tuple[str, ...]
    is_trade_first: bool = False


def _names(stems: str, trades: str, forms: str, surnames: str, given: str, *, is_trade_first: bool = False) -> Names:
    forms_listed = tuple(form.strip() for form in forms.split("|"))
    return Names(_s(stems), _s(trades), forms_listed, _s(surnames), _s(given), is_trade_first)


def _s(words: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in words.split())


NAMES: Final[dict[str, Names]] = {
    "de": _names(
        "Adlerhorst Bergfried Buchenau Dreieich Elbtal Föhrde Grünwald Hallertau Isargrund Jadebusen Königswinkel "
        "Lößnitz Mühlbach Niederrhein Oberholz Pfälzer Querfurt Rheinbrück Süderelbe Teutonia Uhlenhorst Vörde "
        "Wiesengrund Zollhof Nordlicht Alsterblick Börde Ostsee Kaiserstuhl Eifelstein Spreewerk Taunus",
        "Textil Handels Maschinenbau Logistik Bau Getränke Möbel Elektro Heizungstechnik Druckerei Spedition Apotheke "
        "Bäckerei Metallbau Software Immobilien Gartenbau Medizintechnik Verlag Reinigung Holzbau Fahrzeugteile",
        "GmbH|GmbH & Co. KG|AG|KG|UG|e.K.|OHG|eG|e.V.",
        "Schäfer Krüger Böhm Weiß Günther Vogt Jäger Lörcher Kühn Brandt Hölzl Ziegler Straßer Pohl Mertens Rößler",
        "Anja Jürgen Käthe Uwe Sönke Heike Lars Birgit Götz Silke Holger Renate",
    ),
    "nl": _names(
        "Merwede Zuiderzee Haringvliet Veluwe Waalkade Duinrand Polderwind Kennemer Amstelhoek Brabantse Texelstroom "
        "Vechtdal Drentse Scheldemond Ijsseloever Noorderlicht Hollandsche Tulpenhof Gouwe Rijnland Zeeuwse Betuwe",
        "Transport Bloemen Installatie Bouw Groothandel Zuivel Advies Drukwerk Techniek Vastgoed Schoonmaak Keukens "
        "Horeca Verhuur Tuinen Beheer Vis Wonen",
        "B.V.|BV|N.V.|V.O.F.|C.V.|Stichting|Coöperatie U.A.",
        "de_Vries van_den_Berg Jansen Bakker Mulder Dijkstra Hoekstra Kuipers van_Leeuwen Veenstra Scholten",
        "Joost Maaike Bram Sanne Wouter Femke Ruben Lotte Sjoerd Anouk",
    ),
    "fr": _names(
        "Beauséjour Clairefontaine Montrésor Valençay Hauterive Bellecombe Charmilles Étoile Giverny Lavandière "
        "Mésange Noirmoutier Orléanaise Pèlerine Roseraie Saint-Brévin Tourangelle Vauclair Ardoise Belleville Crêtes",
        "Menuiserie Boulangerie Transports Imprimerie Plomberie Distribution Conseil Vins Peinture Électricité "
        "Maçonnerie Fromagerie Textiles Mécanique Optique Location Jardins Cosmétiques",
        "SARL|SAS|SA|EURL|SNC|SCI|SASU",
        "Lefèvre Béranger Gauthier Chauvin Hérault Marchand Noël Rousselet Thévenet Pélissier Garçon Moreau",
        "Hélène Gérard Céline Benoît Maëlle Loïc Solène Rémi Françoise Yves",
        is_trade_first=True,
    ),
    "es": _names(
        "Alameda Cantábrico Duero Extremeña Guadaíra Ibérica Jarama Levante Moncayo Navarrés Olivares Peñalara "
        "Serranía Tajuña Vallehermoso Zurbarán Almazara Costa_Azahar Mediodía Sierra_Morena Ebro Albufera",
        "Construcciones Talleres Suministros Conservas Transportes Hostelería Distribuciones Aceites Muebles "
        "Electricidad Asesoría Cerámicas Calzados Maquinaria Frutas Pinturas",
        "S.L.|S.A.|SLU|S.L.U.|S.Coop.|C.B.",
        "Núñez Ibáñez Peña Cárdenas Quiroga Muñoz Zapatero Lozano Echevarría Beltrán Úbeda",
        "Íñigo Begoña Álvaro Rocío Joaquín Inés Raúl Lucía Gonzalo",
        is_trade_first=True,
    ),
    "pt": _names(
        "Mondego Lezíria Alentejana Beirão Douro Serra_da_Estrela Tejo Algarvia Minhota Atlântida Vouga Sado Gândara",
        "Construções Comércio Metalurgia Confecções Panificação Cortiças Turismo Pescas Mobiliário Vinhos Gráfica",
        "Lda|S.A.|Unipessoal Lda|& Filhos Lda",
        "Conceição Magalhães Simões Araújo Falcão Brandão Guimarães Leitão",
        "João Inês Tomé Graça Nuno Conceição Rui",
        is_trade_first=True,
    ),
    "nordic": _names(
        "Fjordgløtt Lövsta Ålesund Søndre Östermalm Nordkyn Vätter Hämeen Saimaa Storgård Björkö Mälar Trøndelag "
        "Kallavesi Lyngør Dalälv Havsörn Tunturi Jæren Skåne Rönnskär Bølgen Karhu Vestfold Åsgård",
        "Bygg Rakennus Fisk Elektro Trävaror Konsult Rör Transport Maskin Hage Kjøkken Papper Møbler Huolto Frakt VVS",
        "AS|AB|Oy|ApS|A/S|Oyj|HB|Ab",
        "Åkesson Sørensen Mäkinen Østby Lindström Hyvönen Bjørnstad Nygård Päivärinta Øverland",
        "Åse Jörgen Päivi Øystein Märta Bjørn Sanna Håkon Gösta",
    ),
    "pl": _names(
        "Żubrowa Łabędź Mazurska Wiślana Świętokrzyska Karpacka Jodłowa Górska Bałtyk Krasnal Podlaska Śląska Źródło "
        "Czerwony_Młyn Dębowy Gwiazda Kłos Orzeł Piast Tęcza Sudecka",
        "Budownictwo Hurtownia Transport Meble Piekarnia Instalacje Odzież Elektronika Drukarnia Serwis Usługi Rolnik "
        "Stolarnia Metal Chłodnie Ogrody",
        "Sp. z o.o.|S.A.|Sp. j.|Sp. k.|s.c.|PHU",
        "Wiśniewski Kołodziej Żak Szczęsny Łukasik Dąbek Gołąb Krajewska Śliwa",
        "Łukasz Małgorzata Paweł Żaneta Grażyna Michał Święto",
    ),
    "uk": _names(
        "Abbotsleigh Brackendale Calderwick Dunsforth Elmhurst Fennimore Gosforth Hawksmoor Inverleith Kettlewell "
        "Langholm Marchmont Netherby Otterburn Penrose Quarrington Rothbury Silverdale Tavistock Ullswater Wensley "
        "Marlowe Thistle Harrowgate Saltmarsh Whitby Copperfield",
        "Joinery Haulage Interiors Fasteners Catering Scaffolding Optics Veterinary Printworks Tyres Lettings Brewers "
        "Stationers Glazing Ceramics Recycling Fisheries Software Flooring",
        "Ltd|Limited|PLC|LLP|& Sons Ltd|CIC|(UK) Ltd",
        "Ashworth Bramley Cartwright O'Neill Fairclough Hargreaves McAllister Pickering Smythe-Jones Trevelyan",
        "Alistair Beatrix Callum Dilys Fergus Gwen Imogen Rhys",
    ),
    "us": _names(
        "Alameda Bluestem Cottonwood Dakota Eagle_Rock Flatirons Gulf_Shore Hickory Iron_Mesa Juniata Klamath Laredo "
        "Mesquite Nantucket Ozark Palmetto Rio_Verde Sagebrush Tidewater Uinta Wabash Yellow_Pine Great_Plains Bayou",
        "Supply Drilling Orthodontics HVAC Foodservice Fabrication Pediatrics Roofing Trucking Staffing Ranch Welding "
        "Realty Distributors Apparel Irrigation Labs Hospitality Freight Equipment",
        "LLC|Inc|Inc.|Corp|Co|L.L.C.|Corporation|LP",
        "Abernathy Castellano Delacroix Kowalczyk Nguyen Okafor Rutherford Vandenberg Washington Yoder",
        "Darnell Emilio Jolene Kiersten Latoya Marcus Peggy Travis",
    ),
    "ch": _names(
        "Rigiblick Engadiner Limmat Säntis Lémanique Ticinese Emmental Bözberg Üetli Glarner Jurassienne Verzasca "
        "Matterhof Napf Züriberg Aarebogen Grauholz Saane",
        "Treuhand Sanitär Gastro Uhren Käserei Fenster Architektur Physio Druck Garage Schreinerei Seilbahnen Pharma",
        "AG|GmbH|SA|Sàrl|Sagl|Genossenschaft",
        "Ammann Bürgi Chappuis Gfeller Hürlimann Inäbnit Rüegg Wäfler Zgraggen",
        "Beat Ursina Reto Regula Urs Chiara Yannick",
    ),
    "jp": _names(
        "Akebono Chidori Fujikawa Hoshino Izumi Kagayaki Minato Nagisa Otowa Sazanami Tsubaki Umezawa Wakaba Yamabuki "
        "Hanamaru Kirishima Mizuho Takao Ryusei",
        "Shoji Denki Kogyo Kensetsu Bussan Shokuhin Seiki Insatsu Unyu Kagaku Yakuhin Boeki Sangyo Kikai",
        "Co., Ltd.|K.K.|G.K.|Kabushiki Kaisha|Y.K.|Co Ltd",
        "Ishikawa Matsuda Kobayashi Ueda Nishimura Okabe Hirano Sugiyama",
        "Haruka Kenji Mio Satoru Yuki Takashi",
    ),
    "kw": _names(
        "Al_Jazeera_Al_Khadra Al_Bahar Dar_Al_Salam Gulf_Pearl Noor_Al_Sabah Sahara_Gate Al_Murjan Al_Rayyan Burgan "
        "Failaka Al_Waha Marina_Crescent Al_Sadeem Salmiya_Star Desert_Rose Al_Nakheel",
        "Trading Contracting Catering Electronics Clinics Foodstuff Shipping Perfumes Jewellery Motors Petroleum",
        "W.L.L.|WLL|K.S.C.C.|Est.|KSCP|Co. W.L.L.",
        "Al-Mutairi Al-Enezi Al-Rashidi Hussein Boutros Fernandes Al-Shammari",
        "Abdullah Fatima Yousef Maryam Khalid Noura",
    ),
}  # fmt: skip


def company_words(rng: Random, tongue: str) -> list[str]:
    """Return a company's name as words, without its legal form."""
    names = NAMES[tongue]
    stem, trade = rng.choice(names.stems), rng.choice(names.trades)
    roll = rng.random()
    if roll < 0.60:
        words = [trade, stem] if names.is_trade_first else [stem, trade]
    elif roll < 0.75:
        words = [trade, rng.choice(names.surnames)]
    elif roll < 0.85:
        words = [stem, rng.choice(names.trades), trade]
    elif roll < 0.93:
        words = [rng.choice(names.surnames), "&", rng.choice(names.surnames)]
    else:
        words = ["".join(rng.choices("BCDFGHKLMNPRSTVW", k=3)), trade]
    return [part for word in words for part in word.split()]


def person_name(rng: Random, tongue: str) -> str:
    """Return a person's name."""
    return f"{rng.choice(NAMES[tongue].given)} {rng.choice(NAMES[tongue].surnames)}"
