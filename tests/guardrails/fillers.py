"""What surrounds identifiers in the labelled set: names, places, amounts, and numbers that only look like identifiers.

Each function of FILLERS takes a random.Random and a list of options and returns text; none of it is labelled.
"""
import uuid as uuids

import identifiers as ids
from identifiers import digits, letters, written

CITIES = "Nagpur Pune Madurai Bhopal Patna Guwahati Kochi Surat Jaipur Indore Hubballi Ranchi Vijayawada Shimla".split()
HINDI_CITIES = "नागपुर पटना भोपाल जयपुर इंदौर राँची लखनऊ वाराणसी".split()
HINDI_NAMES = ["आशा वर्मा", "रवि शर्मा", "सुनीता देवी", "इमरान ख़ान", "मीना कुमारी", "अर्जुन सिंह", "कविता जोशी"]
MONTHS = "January February March April May June July August September October November December".split()
WORDS = "team support ravi_s harsh news bankwala cityofficial travel_diary".split()
STATES = "MH DL KA TN UP GJ RJ WB KL PB".split()
STD_CODES = "011 022 033 040 044 0120 0135 0172 0240 0253 0261 0484 0512 0522 0565".split()


def number(random, count, lead="123456789"):
    return random.choice(lead) + digits(random, count - 1)


def until(make, holds):
    while True:
        value = make()
        if holds(value):
            return value


def shaped(random, value, sizes, options):
    groups, at = [], 0
    for size in sizes:
        groups.append(value[at:at + size])
        at += size
    return written(random, groups, options)


def num(random, options):
    count = options[0]
    return number(random, int(count[:-1]), "12345") if count.endswith("z") else number(random, int(count))


def bare_digits(random, options):
    lead = ids.option(options, "lead", "123456789")
    return until(lambda: number(random, int(options[0]), lead), lambda value: not ids.luhn_holds(value))


def no12(random, options):
    if "verhoeff" in options:
        value = ids.aadhaar_number(random)
    elif "bad" in options:
        value = until(lambda: number(random, 12, "2345678"),
                      lambda v: not ids.verhoeff_holds(v) and not ids.luhn_holds(v))
    elif "lead01" in options:
        value = until(lambda: number(random, 12, "01"), lambda v: ids.verhoeff_holds(v) and not mobile_after_zero(v))
    else:
        value = number(random, 12)
    return shaped(random, value, (4, 4, 4), options)


def mobile_after_zero(value):
    return value.startswith("0091") and value[4] in "6789"


def no10(random, options):
    if "lead15" in options:
        return number(random, 10, "12345")
    return number(random, 10, "34567" if "3-7" in options else "6789")


def no16(random, options):
    value = ids.card_number(random, random.choice(["visa", "mc", "rupay"]))
    if "bad" in options:
        value = value[:-1] + str((int(value[-1]) + random.randint(1, 9)) % 10)
    return shaped(random, value, (4, 4, 4, 4), options)


def palindrome(random, options):
    half = until(lambda: number(random, 6, "23456789"), lambda value: ids.verhoeff_holds(value + value[::-1]))
    return shaped(random, half + half[::-1], (4, 4, 4), options)


def amex_bad(random, _):
    value = ids.card_number(random, "amex")
    return shaped(random, value[:-1] + str((int(value[-1]) + random.randint(1, 9)) % 10), (4, 6, 5), ["space"])


def masked(random, _):
    return random.choice(["XXXX XXXX ", "xxxx-xxxx-", "XXXXXXXX", "********", "•••• •••• "]) + digits(random, 4)


def masked_card(random, _):
    return random.choice([f"4{digits(random, 3)} XXXX XXXX {digits(random, 4)}", f"XXXX-XXXX-XXXX-{digits(random, 4)}",
                          f"5{digits(random, 5)}******{digits(random, 4)}"])


def account(random, options):
    kind = options[0] if options else random.choice(["11", "12", "13", "14", "15"])
    if kind == "12v":
        return ids.aadhaar_number(random)
    if kind == "10m":
        return number(random, 10, "6789")
    if kind == "16l":
        return ids.card_number(random, "rupay")
    return number(random, int(kind), "12345")


def rrn(random, options):
    def make():
        return random.choice("2345") + f"{random.randint(1, 366):03d}{random.randint(0, 23):02d}" + digits(random, 6)
    value = until(make, ids.verhoeff_holds) if "verhoeff" in options else make()
    return written(random, [value], options)


def gstin_bad(random, options):
    code = ids.gstin_code(random)
    wrong = ids.BASE36[(ids.BASE36.index(code[-1]) + random.randint(1, 35)) % 36]
    return written(random, [code[:-1] + wrong], options)


def pan_bad(random, options):
    # E and K are in some lists of holder types, so they are in neither set.
    code = ids.pan_code(random)
    return written(random, [code[:3] + random.choice("DIMNOQRSUVWXYZ") + code[4:]], options)


def pan_shape(random, options):
    return written(random, [ids.pan_code(random)], options)


def ifsc_bad(random, options):
    return written(random, [random.choice(ids.BANKS) + random.choice("123456789ABCDEFGHJKLMNPQRSTUVWXYZ") + digits(random, 6)], options)


def ifsc_shape(random, _):
    return random.choice(["PUMP", "MTRX", "VLVE", "GEAR"]) + "0" + digits(random, 6)


def imei(random, options):
    payload = random.choice(["35", "86", "01"]) + digits(random, 12)
    return shaped(random, payload + ids.luhn_check(payload), (2, 6, 6, 1), options)


def iccid(random, _):
    payload = "8991" + digits(random, random.choice([14, 15]))
    return payload + ids.luhn_check(payload)


def vid(random, options):
    payload = random.choice("23456789") + digits(random, 14)
    return shaped(random, payload + ids.verhoeff_check(payload), (4, 4, 4, 4), options)


def abha(random, _):
    payload = "91" + digits(random, 11)
    value = payload + ids.luhn_check(payload)
    return f"{value[:2]}-{value[2:6]}-{value[6:10]}-{value[10:]}"


def grouped(value):
    head, tail = value[:-3], value[-3:]
    pairs = []
    while len(head) > 2:
        head, pair = head[:-2], head[-2:]
        pairs.insert(0, pair)
    return ",".join([part for part in [head, *pairs, tail] if part])


def amount(random, _):
    value = number(random, random.randint(3, 7))
    return random.choice(["{}", "Rs. {}", "₹{}", "₹ {}", "INR {}"]).format(grouped(value) + random.choice(["", ".00", ".50"]))


def in_crores(random, _):
    return random.choice([grouped(number(random, random.randint(9, 12))), f"{number(random, 3)}.{digits(random, 2)} crore"])


def date(random, _):
    day, month, year = random.randint(1, 28), random.randint(1, 12), random.randint(1950, 2026)
    return random.choice([f"{day:02d}/{month:02d}/{year}", f"{day:02d}-{month:02d}-{year}", f"{year}-{month:02d}-{day:02d}",
                          f"{day} {MONTHS[month - 1]} {year}", f"{day:02d}.{month:02d}.{year}"])


def hindi(text):
    return "".join(ids.in_script(c, ids.SCRIPTS["deva"]) for c in text)


def clock(random, _):
    return f"{random.randint(0, 23):02d}:{random.randint(0, 59):02d}" + random.choice(["", f":{random.randint(0, 59):02d}"])


def stamp(random, length):
    return (f"20{random.randint(15, 26)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}{random.randint(0, 23):02d}"
            f"{random.randint(0, 59):02d}{random.randint(0, 59):02d}")[:length]


def iso(random, _):
    text = stamp(random, 14)
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:10]}:{text[10:12]}:{text[12:]}" + random.choice(["Z", "+05:30", f".{digits(random, 3)}Z"])


def hexadecimal(random, options):
    return "".join(random.choice("0123456789abcdef") for _ in range(int(options[0])))


def hex_of_digits(random, options):
    """A hash that holds long runs of digits."""
    size, run = int(options[0]), random.choice([10, 12, 16])
    at = random.randint(1, size - run - 1)
    return hexadecimal(random, [at - 1]) + "a" + digits(random, run) + "f" + hexadecimal(random, [size - run - at - 1])


def version(random, _):
    return ".".join(str(random.randint(0, 30)) for _ in range(random.choice([2, 3, 3, 4])))


def pin(random, options):
    value = number(random, 6, "12345678")
    return shaped(random, value, (3, 3), options)


def toll_free(random, _):
    head = random.choice(["1800", "1860"])
    return random.choice([f"{head} {digits(random, 3)} {digits(random, 4)}", f"{head}-{digits(random, 3)}-{digits(random, 3)}",
                          head + digits(random, 7), f"{head}{digits(random, 6)}"])


def landline(random, options):
    code = random.choice(STD_CODES)
    local = number(random, 11 - len(code), "2345")
    if "+91" in options:
        return f"+91 {code[1:]} {local}" if code[1] in "123" else f"+91 11 {number(random, 8, '234')}"
    return random.choice([f"{code}-{local}", f"({code}) {local}", f"{code} {local[:4]} {local[4:]}"])


def landline80(random, _):
    return f"{random.choice(['080', '079'])}-{number(random, 4, '24')}{random.choice([' ', '-', ''])}{digits(random, 4)}"


def isbn13(random, options):
    payload = "97881" + digits(random, 7)
    check = -sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(payload)) % 10
    return shaped(random, payload + str(check), (3, 2, 4, 3, 1), options)


def coordinate(random, _):
    return f"{random.randint(8, 97)}.{digits(random, random.choice([4, 6, 8, 10]))}"


def flight(random, _):
    return f"{random.choice(['AI', '6E', 'UK', 'QP'])} {number(random, random.choice([3, 4]))}"


def latin_name(random, _):
    return f"{random.choice(ids.FIRST_NAMES).title()} {random.choice(ids.LAST_NAMES).title()}"


def plain(make):
    return lambda random, options: make(random)


FILLERS = {
    "num": num, "digits": bare_digits, "no12": no12, "no10": no10, "no16": no16, "palindrome": palindrome, "amex_bad": amex_bad,
    "masked": masked, "maskedcard": masked_card, "account": account, "rrn": rrn, "gstin_bad": gstin_bad, "pan_bad": pan_bad,
    "pan_shape": pan_shape, "ifsc_bad": ifsc_bad, "ifsc_shape": ifsc_shape, "imei": imei, "iccid": iccid, "vid": vid,
    "abha": abha, "amount": amount, "crore": in_crores, "date": date, "time": clock, "iso": iso, "hex": hexadecimal,
    "hexd": hex_of_digits, "version": version, "pin": pin, "tollfree": toll_free, "landline": landline,
    "landline80": landline80, "isbn13": isbn13, "coord": coordinate, "flight": flight, "name": latin_name,
    "gstin_state": plain(lambda r: ids.gstin_code(r, str(r.randint(40, 89)))),
    "pan_zero": plain(lambda r: letters(r, 3) + "P" + letters(r, 1) + "0000" + letters(r, 1)),
    "pan_short": plain(lambda r: letters(r, 3) + "P" + letters(r, 1) + number(r, 3) + letters(r, 1)),
    "ifsc_short": plain(lambda r: r.choice(ids.BANKS) + "0" + number(r, 5)),
    "arn": plain(lambda r: "AA" + digits(r, 12) + letters(r, 1)),
    "utr": plain(lambda r: r.choice(ids.BANKS) + r.choice("NRH") + number(r, 11)),
    "awb": plain(lambda r: letters(r, 1) + number(r, 9)),
    "speedpost": plain(lambda r: "E" + letters(r, 1) + number(r, 9) + "IN"),
    "uan": lambda r, options: shaped(r, "10" + digits(r, 10), (4, 4, 4), options),
    "pfid": plain(lambda r: "MHBAN00" + digits(r, 15)),
    "pran": plain(lambda r: "11" + digits(r, 10)),
    "ckyc": plain(lambda r: number(r, 14, "1")),
    "demat": plain(lambda r: "12" + digits(r, 14)),
    "enrolment": plain(lambda r: f"{digits(r, 4)}/{digits(r, 5)}/{digits(r, 5)}"),
    "epic": plain(lambda r: letters(r, 3) + number(r, 7)),
    "passport": plain(lambda r: r.choice("JKLMNPRSTUV") + number(r, 7)),
    "dl": lambda r, options: f"{r.choice(STATES)}{r.randint(1, 50):02d}" + (" " if options else "-") + f"{r.randint(1960, 2025)}{digits(r, 7)}",
    "plate": plain(lambda r: f"{r.choice(STATES)} {r.randint(1, 50):02d} {letters(r, 2)} {number(r, 4)}"),
    "tan": plain(lambda r: letters(r, 4) + number(r, 5) + letters(r, 1)),
    "cin": plain(lambda r: r.choice("LU") + number(r, 5) + r.choice(STATES) + str(r.randint(1950, 2024)) + "PTC" + digits(r, 6)),
    "ration": plain(lambda r: number(r, 12, "1")),
    "swift": plain(lambda r: r.choice(ids.BANKS) + "INBB" + number(r, 3)),
    "lei": plain(lambda r: "3358" + "00" + letters(r, 4) + digits(r, 10)),
    "fssai": plain(lambda r: number(r, 14, "1")),
    "udyam": plain(lambda r: f"{r.choice(STATES)}-{r.randint(1, 40):02d}-{number(r, 7)}"),
    "uuid": plain(lambda r: str(uuids.UUID(int=r.getrandbits(128), version=4))),
    "unix": plain(lambda r: str(r.randint(1_500_000_000, 1_790_000_000))),
    "unixms": plain(lambda r: str(r.randint(1_500_000_000_000, 1_790_000_000_000))),
    "stamp14": plain(lambda r: stamp(r, 14)), "stamp8": plain(lambda r: stamp(r, 8)),
    "ip": plain(lambda r: ".".join(str(r.randint(1, 254)) for _ in range(4))),
    "mac": plain(lambda r: ":".join(f"{r.randint(0, 255):02x}" for _ in range(6))),
    "partno": plain(lambda r: f"{letters(r, 2)}-{number(r, 6)}-{letters(r, 1)}"),
    "word": plain(lambda r: r.choice(WORDS)),
    "grouped": plain(lambda r: grouped(number(r, r.randint(4, 9)))),
    "isbn10": plain(lambda r: number(r, 10, "8")), "isin": plain(lambda r: "INE" + number(r, 3) + letters(r, 1) + "01" + digits(r, 3)),
    "ean": plain(lambda r: "890" + digits(r, 10)),
    "city": plain(lambda r: r.choice(CITIES)), "hcity": plain(lambda r: r.choice(HINDI_CITIES)),
    "hname": plain(lambda r: r.choice(HINDI_NAMES)), "month": plain(lambda r: r.choice(MONTHS)),
    "year": plain(lambda r: str(r.randint(1947, 2026))),
    "deva_amount": plain(lambda r: hindi(grouped(number(r, r.randint(4, 8))))),
    "deva_date": lambda r, options: hindi(date(r, options)),
}
