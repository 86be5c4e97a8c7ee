"""English and Dutch titles of people, with the role, department and domain of each."""

TITLES_OF = {
    (
        "leader",
        "management",
        None,
    ): "leader, leiding, manager, management, ceo, cto, coo,"
    " chief executive officer, chief technology officer, chief operating officer,"
    " director, managing director, directeur, directie, founder, oprichter, owner,"
    " eigenaar, team lead, teamleider, head, hoofd, managementteam, board",
    (
        "leader",
        "marketing",
        None,
    ): "cmo, chief marketing officer, head of marketing, marketing director,"
    " marketing manager, marketingmanager, hoofd marketing, marketing lead",
    ("leader", "communication", None): "head of communication, head of communications,"
    " communication manager, communications manager, communicatiemanager,"
    " hoofd communicatie",
    ("leader", "sales", None): "sales manager, salesmanager, head of sales,"
    " sales director, verkoopleider, hoofd verkoop, hoofd sales",
    ("leader", "product", None): "head of product, cpo, chief product officer,"
    " hoofd product",
    ("leader", "finance", None): "cfo, chief financial officer, head of finance,"
    " hoofd financien",
    ("leader", "hr", None): "hr manager, head of hr, hoofd hr, chro,"
    " chief human resources officer",
    ("leader", "customer_success", None): "head of customer success,"
    " customer success lead, hoofd klantenservice",
    ("marketeer", "marketing", None): "marketeer, marketer, marketing,"
    " marketing specialist, marketing employee, marketingmedewerker, growth marketer,"
    " junior marketeer, marketing trainee, brand manager, marketing assistant",
    ("marketeer", "marketing", "social"): "social, social media, social media manager,"
    " social media marketer, social media specialist, community manager",
    ("marketeer", "marketing", "search"): "search, seo, sea, seo specialist,"
    " sea specialist, search marketer, performance marketer",
    ("marketeer", "marketing", "email"): "email, email marketer, email marketeer,"
    " e mail marketeer, crm marketer",
    ("marketeer", "marketing", "content"): "content, content marketer, copywriter,"
    " content marketeer, content creator, tekstschrijver, designer, vormgever",
    ("marketeer", "marketing", "events"): "events, event manager, event marketer,"
    " evenementen, evenementenmanager",
    (
        "marketeer",
        "marketing",
        "website",
    ): "website, webmaster, web editor, webredacteur, web developer",
    ("communicator", "communication", "communication"): "communicator, communication,"
    " communications, communicatie, communicatieadviseur, communicatiemedewerker,"
    " communication adviser, communications officer, pr, press officer, woordvoerder,"
    " public relations, internal communication, interne communicatie",
    ("sales", "sales", "sales"): "sales, sales rep, sales representative, verkoop,"
    " verkoper, verkoopster, account manager, accountmanager, account executive,"
    " business developer, sdr, bdr, vertegenwoordiger, binnendienst, buitendienst",
    ("colleague", "product", "product"): "product, product manager, productmanager,"
    " product owner, developer, ontwikkelaar, engineer, r d, operations, productie",
    ("colleague", "finance", "finance"): "finance, financien, controller, accountant,"
    " administratie, administration, boekhouder, boekhouding, bookkeeper,"
    " office manager, officemanager",
    ("colleague", "hr", "hr"): "hr, human resources, hr adviser, hr adviseur, p o,"
    " personeelszaken, recruiter, people and culture",
    ("colleague", "customer_success", "customer_success"): "customer success,"
    " customer success manager, klantsucces, customer service, support, klantenservice,"
    " customer support, service desk",
    ("colleague", None, None): "colleague, collega, employee, medewerker",
    ("external", "marketing", None): "external, extern, freelancer, zzp er, agency,"
    " bureau, consultant, adviseur, contractor",
}
Place = tuple[str | None, str | None, str | None]
NOWHERE: Place = (None, None, None)
TITLES: dict[str, Place] = {
    title.strip(): place
    for place, text in TITLES_OF.items()
    for title in text.split(",")
}
MAKERS_WITHOUT_REPORTS = {
    "marketing manager": "marketeer",
    "marketingmanager": "marketeer",
    "communication manager": "communicator",
    "communications manager": "communicator",
    "communicatiemanager": "communicator",
}
"""Titles of leaders if somebody reports to them, and else of makers."""


def by_title(title: str, leads: bool, stated: str | None, unit: Place) -> Place:
    """Return role, department and domain by title; without a title, by the unit."""
    title = plain(title)
    if not title and leads:
        return "leader", unit[1] or "management", None
    if not title:
        return TITLES[plain(stated)] if stated else unit
    role, department, domain = TITLES.get(title, NOWHERE)
    if role == "leader" and not leads:
        role = MAKERS_WITHOUT_REPORTS.get(title, role)
    return role, department, domain


def plain(title: str) -> str:
    """Return a title in lower case, without accents (on e, i, o) and punctuation."""
    flat = title.casefold().translate(str.maketrans("éèëïö", "eeeio"))
    return " ".join("".join(c if c.isalnum() else " " for c in flat).split())
