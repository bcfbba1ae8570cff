"""Valid identifiers from a random source, and the many ways people write them (corpus/README.md).

Each function of LABELLED takes a random.Random and a list of options and returns the text of one identifier.
"""

DIHEDRAL = [[(i + j) % 5 if i < 5 and j < 5 else (i - j) % 5 if i >= 5 and j >= 5 else
             5 + ((i + j) % 5 if i < 5 else (i - j) % 5) for j in range(10)] for i in range(10)]
PERMUTED = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
while len(PERMUTED) < 8:
    PERMUTED.append([PERMUTED[1][digit] for digit in PERMUTED[-1]])

SCRIPTS = {"deva": 0x0966, "beng": 0x09E6, "guru": 0x0A66, "gujr": 0x0AE6, "orya": 0x0B66, "taml": 0x0BE6, "telu": 0x0C66,
           "knda": 0x0CE6, "mlym": 0x0D66, "olck": 0x1C50, "mtei": 0xABF0, "urdu": 0x06F0, "full": 0xFF10}
SEPARATORS = {"none": "", "space": " ", "nbsp": "\u00a0", "thin": "\u2009", "nnbsp": "\u202f", "hyphen": "-",
              "uhyphen": "\u2010", "nbhyphen": "\u2011", "endash": "\u2013", "minus": "\u2212", "dot": ".", "under": "_",
              "slash": "/", "middot": "\u00b7", "nl": "\n", "spacehyphen": " - "}
INVISIBLE = {"zw": "\u200b\u200c\u200d\u2060\ufeff\u00ad", "bidi": "\u200e\u200f\u202a\u202c\u2066\u2069"}

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HOLDERS = "PCHFABTJLG"
BASE36 = "0123456789" + LETTERS
BANKS = ("SBIN HDFC ICIC UTIB PUNB BARB CNRB UBIN BKID KKBK YESB IDIB IOBA CBIN UCBA MAHB FDRL INDB IDFB RATN KVBL TMBL SIBL "
         "KARB CIUB DCBL BDBL AUBL ESFB UJVN JAKA PSIB SCBL HSBC CITI DBSS SVCB COSB IBKL NTBL").split()
HANDLES = ("upi ybl ibl axl okaxis okhdfcbank okicici oksbi paytm ptaxis pthdfc ptsbi ptyes apl yapl rapl waaxis wahdfcbank waicici "
           "wasbi axisb axisbank icici sbi hdfcbank kotak barodampay cnrb pnb boi unionbank uboi idfcbank federal fbl indus yesbank "
           "rbl aubank dbs idbi iob uco mahb kbl sib postbank airtel jio freecharge ikwik jupiteraxis slc fam").split()
UNKNOWN_HANDLES = "kisanpay graminbk mybank sahakari nagarpay jansewa".split()
FIRST_NAMES = ("asha ravi sunita imran meena arjun fatima kavya joseph harpreet lakshmi rohit zoya devika manoj neha suresh "
               "anita gopal nilesh").split()
LAST_NAMES = ("verma iyer khan das patel reddy singh nair sharma gill joshi bose pillai naik rao gupta mishra kulkarni "
              "thomas shaikh").split()
MAIL_DOMAINS = "gmail.com rediffmail.com yahoo.co.in outlook.com hotmail.com proton.me example.in mail.example.org".split()
OFFICE_DOMAINS = "nic.in gov.in sbi.co.in aiims.edu.in rbi.org.in mha.gov.in city-hospital.org.in".split()
HINDI_LOCALS = "रवि आशा सुनीता मनोज".split()
HINDI_DOMAINS = "उदाहरण.भारत डाक.भारत संस्था.भारत".split()


def verhoeff_check(payload):
    state = 0
    for place, digit in enumerate(reversed(payload), 1):
        state = DIHEDRAL[state][PERMUTED[place % 8][int(digit)]]
    return str(next(d for d in range(10) if DIHEDRAL[state][d] == 0))


def verhoeff_holds(number):
    return verhoeff_check(number[:-1]) == number[-1]


def luhn_check(payload):
    total = 0
    for place, digit in enumerate(reversed(payload)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def luhn_holds(number):
    return luhn_check(number[:-1]) == number[-1]


def gstin_check(payload):
    total = 0
    for place, character in enumerate(payload):
        product = BASE36.index(character) * (1 + place % 2)
        total += product // 36 + product % 36
    return BASE36[-total % 36]


def digits(random, count):
    return "".join(random.choice("0123456789") for _ in range(count))


def letters(random, count):
    return "".join(random.choice(LETTERS) for _ in range(count))


def option(options, name, otherwise=None):
    for entry in options:
        if entry.startswith(name + "="):
            return entry[len(name) + 1:]
    return otherwise


def written(random, groups, options, separator=""):
    """The groups joined as the options say: separator, letter case, digits, invisible marks."""
    chosen = [SEPARATORS[entry] for entry in options if entry in SEPARATORS]
    separator = chosen[0] if chosen else separator
    if "each" in options:
        groups = list("".join(groups))
    if "lower" in options:
        groups = [group.lower() for group in groups]
    if "title" in options:
        groups = [group[:1].upper() + group[1:].lower() for group in groups]
    if "upper" in options:
        groups = [group.upper() for group in groups]
    characters = [list(group) for group in groups]
    for name in SCRIPTS:
        if name in options:
            characters = [[in_script(c, SCRIPTS[name]) for c in group] for group in characters]
    if "full" in options:
        characters = [[full_width(c) for c in group] for group in characters]
    if "fullat" in options:
        characters = [[full_width(c) if c in "@." else c for c in group] for group in characters]
    if "mixed" in options:
        bases = [0x30] + random.sample(sorted(SCRIPTS.values()), 3)
        characters = [[in_script(c, random.choice(bases)) for c in group] for group in characters]
    gaps = [separator] * (len(groups) - 1)
    if separator == "\n":
        # A number is wrapped once; figures keep their spaces elsewhere, codes have none.
        gaps = [" " if groups[0].isdigit() else ""] * len(gaps)
        gaps[random.randrange(len(gaps))] = "\n"
    text = "".join("".join(group) + gap for group, gap in zip(characters, [*gaps, ""]))
    for name, marks in INVISIBLE.items():
        if name in options:
            text = with_marks(random, text, marks)
    return text


def in_script(character, zero):
    return chr(zero + ord(character) - 0x30) if character in "0123456789" else character


def full_width(character):
    return chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character


def with_marks(random, text, marks):
    places = set(random.sample(range(1, len(text)), min(3, len(text) - 1)))
    return "".join(random.choice(marks) + c if at in places else c for at, c in enumerate(text))


def aadhaar_number(random, prefix=""):
    while True:
        payload = prefix or random.choice("23456789")
        payload += digits(random, 11 - len(payload))
        number = payload + verhoeff_check(payload)
        # A number that reads as 91 and a mobile is left out: without a word beside it nobody could tell.
        if number != number[::-1] and not (number.startswith("91") and number[2] in "6789"):
            return number


def aadhaar(random, options):
    # 9999 is the beginning of the issuer's own test numbers.
    number = aadhaar_number(random, "9999" if "reserved" in options else "")
    options = [entry for entry in options if entry != "reserved"]
    return written(random, [number[:4], number[4:8], number[8:]], options or [random.choice(["none", "space", "hyphen"])])


def pan_code(random, holder=None, series=None):
    return ((series or letters(random, 3)) + (holder or random.choice(HOLDERS)) + letters(random, 1) +
            f"{random.randint(1, 9999):04d}" + letters(random, 1))


def pan(random, options):
    code = pan_code(random, option(options, "h"), "ZZZ" if "reserved" in options else None)
    return written(random, [code[:5], code[5:9], code[9:]], options)


def gstin_code(random, state=None, holder=None, series=None):
    state = state or f"{random.choice(list(range(1, 39)) + [97, 99]):02d}"
    payload = state + pan_code(random, holder, series) + random.choice("1234" + "123456789ABC") + "Z"
    return payload + gstin_check(payload)


def gstin(random, options):
    code = gstin_code(random, option(options, "state"), option(options, "h"), "ZZZ" if "reserved" in options else None)
    groups = random.choice([[code[:2], code[2:12], code[12:]], [code[:2], code[2:7], code[7:11], code[11:]]])
    return written(random, groups, options)


def ifsc(random, options):
    bank = option(options, "bank") or random.choice(BANKS)
    if bank == "BARB" or (not option(options, "bank") and random.random() < 0.1):
        branch = "".join(random.choice("ACDEGHKLMNPRTVXY") for _ in range(6))
    else:
        branch = f"{random.randint(1, 99999):06d}"
    groups = random.choice([[bank, "0" + branch], [bank, "0", branch]])
    return written(random, groups, options)


BRANDS = {"visa": (["4"], [16]), "mc": (["51", "52", "53", "54", "55"], [16]), "mc2": (["2221", "2345", "2499", "2611", "2720"], [16]),
          "amex": (["34", "37"], [15]), "rupay": (["60", "6521", "6522", "508"], [16]), "rupay8": (["81", "82"], [16]),
          "jcb": (["353", "356"], [16]), "maestro": (["50", "56", "61", "67"], [16, 18, 19]), "diners": (["36", "38"], [14])}
CARD_GROUPS = {14: (4, 6, 4), 15: (4, 6, 5), 16: (4, 4, 4, 4), 18: (4, 4, 4, 4, 2), 19: (4, 4, 4, 4, 3)}


def card_number(random, brand):
    prefixes, lengths = BRANDS[brand]
    prefix, length = random.choice(prefixes), random.choice(lengths)
    payload = prefix + digits(random, length - 1 - len(prefix))
    return payload + luhn_check(payload)


def payment_card(random, options):
    brand = next((entry for entry in options if entry in BRANDS), None) or random.choice(["visa", "mc", "rupay"])
    number, groups, at = card_number(random, brand), [], 0
    for size in CARD_GROUPS[len(number)]:
        groups.append(number[at:at + size])
        at += size
    return written(random, groups, options)


PHONE_GROUPS = {"5-5": (5, 5), "3-3-4": (3, 3, 4), "4-3-3": (4, 3, 3)}
PHONE_PREFIXES = ("+91", "0091", "91", "0")


def phone_mobile(random, options):
    number = random.choice("6789") + digits(random, 9)
    sizes = next((PHONE_GROUPS[entry] for entry in options if entry in PHONE_GROUPS), None)
    groups, at = [], 0
    for size in sizes or (10,):
        groups.append(number[at:at + size])
        at += size
    prefix = next((entry for entry in options if entry in PHONE_PREFIXES), None)
    separators = [entry for entry in options if entry in SEPARATORS and entry != "none"]
    if prefix and not separators:
        return written(random, [prefix + groups[0], *groups[1:]], options)
    # "+91,space,none" is a prefix apart from ten digits in one piece.
    options = [entry for entry in options if not (separators and entry == "none")]
    return written(random, [prefix, *groups] if prefix else groups, options)


def local_part(random, options):
    first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
    if "mobile" in options:
        return random.choice("6789") + digits(random, 9)
    for name, joined in (("dots", f"{first[0]}.{last}.{random.choice(LAST_NAMES)}"), ("under", f"{first}_{last}"),
                         ("hyphen", f"{first}-{last}"), ("plus", f"{first}+{random.choice(['bank', 'kyc', 'noreply'])}"),
                         ("digits", f"{first}{random.randint(10, 9999)}"),
                         ("long", f"{first}.{last}.{random.choice(LAST_NAMES)}.{random.randint(1950, 2009)}")):
        if name in options:
            return joined
    return random.choice([f"{first}.{last}", f"{first}{last}", f"{first}{random.randint(1, 999)}", f"{first[0]}{last}",
                          f"{last}.{first}{random.randint(10, 99)}", first + last[0]])


def email(random, options):
    if "idn" in options:
        return written(random, [f"{random.choice(HINDI_LOCALS)}@{random.choice(HINDI_DOMAINS)}"], options)
    domain = random.choice(OFFICE_DOMAINS if "gov" in options else MAIL_DOMAINS + OFFICE_DOMAINS[-2:])
    return written(random, [f"{local_part(random, options)}@{domain}"], options)


def upi_vpa(random, options):
    handle = option(options, "h") or random.choice(UNKNOWN_HANDLES if "unknown" in options else HANDLES)
    return written(random, [f"{local_part(random, options)}@{handle}"], options)


LABELLED = {"AADHAAR": aadhaar, "PAN": pan, "GSTIN": gstin, "PAYMENT_CARD": payment_card, "IFSC": ifsc,
            "PHONE_MOBILE": phone_mobile, "EMAIL": email, "UPI_VPA": upi_vpa}
