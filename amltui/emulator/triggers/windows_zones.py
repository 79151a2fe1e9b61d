"""Time zones by the names that Windows has for them, which are those that Azure ML's API takes."""

from __future__ import annotations

from datetime import timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# After `windowsZones.xml` of Unicode's CLDR (Unicode License v3), the zones of the territory 001.
_NAMED = """
Aleutian=America/Adak; Hawaiian=Pacific/Honolulu; Marquesas=Pacific/Marquesas
Alaskan=America/Anchorage; Pacific=America/Los_Angeles; US Mountain=America/Phoenix
Mountain=America/Denver; Central America=America/Guatemala; Central=America/Chicago
Easter Island=Pacific/Easter; Canada Central=America/Regina; SA Pacific=America/Bogota
Eastern=America/New_York; Haiti=America/Port-au-Prince; Cuba=America/Havana
Yukon=America/Whitehorse; US Eastern=America/Indiana/Indianapolis; Paraguay=America/Asuncion
Atlantic=America/Halifax
Venezuela=America/Caracas; Central Brazilian=America/Cuiaba; SA Western=America/La_Paz
Pacific SA=America/Santiago; Turks And Caicos=America/Grand_Turk; Newfoundland=America/St_Johns
Tocantins=America/Araguaina; E. South America=America/Sao_Paulo; SA Eastern=America/Cayenne
Argentina=America/Argentina/Buenos_Aires; Greenland=America/Godthab; Bahia=America/Bahia
Montevideo=America/Montevideo; Saint Pierre=America/Miquelon; Magallanes=America/Punta_Arenas
Mid-Atlantic=Atlantic/South_Georgia; Azores=Atlantic/Azores; Cape Verde=Atlantic/Cape_Verde
Morocco=Africa/Casablanca; GMT=Europe/London; Greenwich=Atlantic/Reykjavik; Sao Tome=Africa/Sao_Tome
W. Europe=Europe/Berlin; Central Europe=Europe/Budapest; Romance=Europe/Paris
Central European=Europe/Warsaw; W. Central Africa=Africa/Lagos; Namibia=Africa/Windhoek
Jordan=Asia/Amman; GTB=Europe/Bucharest; Middle East=Asia/Beirut; Egypt=Africa/Cairo
E. Europe=Europe/Chisinau; Syria=Asia/Damascus; West Bank=Asia/Hebron; Sudan=Africa/Khartoum
South Africa=Africa/Johannesburg; South Sudan=Africa/Juba; FLE=Europe/Kiev; Israel=Asia/Jerusalem
Turkey=Europe/Istanbul; Kaliningrad=Europe/Kaliningrad; Libya=Africa/Tripoli; Arabic=Asia/Baghdad
Arab=Asia/Riyadh; Belarus=Europe/Minsk; Russian=Europe/Moscow; E. Africa=Africa/Nairobi
Volgograd=Europe/Volgograd; Iran=Asia/Tehran; Arabian=Asia/Dubai; Astrakhan=Europe/Astrakhan
Azerbaijan=Asia/Baku; Mauritius=Indian/Mauritius; Saratov=Europe/Saratov; Georgian=Asia/Tbilisi
Caucasus=Asia/Yerevan; Afghanistan=Asia/Kabul; West Asia=Asia/Tashkent; Pakistan=Asia/Karachi
Ekaterinburg=Asia/Yekaterinburg; Qyzylorda=Asia/Qyzylorda; India=Asia/Kolkata
Sri Lanka=Asia/Colombo; Nepal=Asia/Kathmandu; Central Asia=Asia/Almaty; Bangladesh=Asia/Dhaka
N. Central Asia=Asia/Novosibirsk; Omsk=Asia/Omsk; Myanmar=Asia/Yangon; SE Asia=Asia/Bangkok
Altai=Asia/Barnaul; W. Mongolia=Asia/Hovd; North Asia=Asia/Krasnoyarsk; Tomsk=Asia/Tomsk
China=Asia/Shanghai; North Asia East=Asia/Irkutsk; Singapore=Asia/Singapore
W. Australia=Australia/Perth; Taipei=Asia/Taipei; Ulaanbaatar=Asia/Ulaanbaatar
North Korea=Asia/Pyongyang; Aus Central W.=Australia/Eucla; Transbaikal=Asia/Chita
Tokyo=Asia/Tokyo; Korea=Asia/Seoul; Yakutsk=Asia/Yakutsk; Cen. Australia=Australia/Adelaide
AUS Central=Australia/Darwin; E. Australia=Australia/Brisbane; AUS Eastern=Australia/Sydney
West Pacific=Pacific/Port_Moresby; Tasmania=Australia/Hobart; Vladivostok=Asia/Vladivostok
Lord Howe=Australia/Lord_Howe; Bougainville=Pacific/Bougainville; Magadan=Asia/Magadan
Norfolk=Pacific/Norfolk; Sakhalin=Asia/Sakhalin; Central Pacific=Pacific/Guadalcanal
New Zealand=Pacific/Auckland; Fiji=Pacific/Fiji; Kamchatka=Asia/Kamchatka
Chatham Islands=Pacific/Chatham; Tonga=Pacific/Tongatapu; Samoa=Pacific/Apia
Line Islands=Pacific/Kiritimati
"""
_ODD = {
    "Pacific Standard Time (Mexico)": "America/Tijuana",
    "Mountain Standard Time (Mexico)": "America/Mazatlan",
    "Central Standard Time (Mexico)": "America/Mexico_City",
    "Eastern Standard Time (Mexico)": "America/Cancun",
    "Russia Time Zone 3": "Europe/Samara",
    "Russia Time Zone 10": "Asia/Srednekolymsk",
    "Russia Time Zone 11": "Asia/Kamchatka",
}
_FIXED = {"Dateline Standard Time": -12, "UTC": 0} | {
    f"UTC{hours:+03d}": hours for hours in range(-12, 14) if hours
}
_PAIRS = (pair.split("=") for line in _NAMED.split("\n") if line for pair in line.split("; "))
ZONES = {f"{name} Standard Time": zone for name, zone in _PAIRS} | _ODD
"""The zone of the tz database for each name."""
_BY_LOWER = {name.lower(): zone for name, zone in ZONES.items()}
_FIXED_BY_LOWER = {name.lower(): hours for name, hours in _FIXED.items()}


@cache
def zone_of(name: str) -> tzinfo:
    """The zone of a name, however its letters are; ValueError if there is no such zone."""
    lower = name.strip().lower()
    if lower in _FIXED_BY_LOWER:
        return timezone(timedelta(hours=_FIXED_BY_LOWER[lower]))
    if lower not in _BY_LOWER:
        raise ValueError(f"The time zone '{name}' is not known.")
    try:
        return ZoneInfo(_BY_LOWER[lower])
    except ZoneInfoNotFoundError as error:
        raise ValueError(f"This machine does not know the time zone '{name}'.") from error
