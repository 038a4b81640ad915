"""Names that nobody bears, and words that are no names."""

from __future__ import annotations

import random

from summarizer.figures.numerals import NUMBER_WORDS
from summarizer.figures.plain import words

_STARTS = """Asko Elna Ilde Orli Ulva Anki Eska Brami Calde Drena Fenno Grava Haski Jorva Kesta Lorvi Marda
Naska Pelle Quena Ruske Sorva Tavi Varda Wende Yarla Zola Braxo Kreva Tolvi"""
_ENDS = "mond wick dane lund quist mere tova sund dorn holt nau vane zell bury garth lin rin moor ka stead"
COMPANIES = tuple(start + end for start in _STARTS.split() for end in _ENDS.split())

# Borne by women and men alike, so that "she" and "his" stay true.
FIRST_NAMES = tuple(
    sorted(
        words("""Robin Sasha Noor Andrea Camille Jules Ariel Morgan Rowan Toni Kai Remy Yael Amal Nikita Marin Tal
    Yuki Akira Kiran Dominique Claude Sascha Noa Eden Ira Imani Ollie Uri Asa Eli Ode Jody Lindsay Leigh
    Frankie Makoto Hikaru Shea Blair""")
    )
)
LAST_NAMES = tuple(
    sorted(
        words("""Achterberg Adeyinka Aldana Bakkeland Belmonte Brzezicki Castellan Chikwendu Dragoumis Dufresnoy Eklöv
    Engelbrink Fagerholt Figueredo Galvanek Grünthal Halvorud Hashimura Idowusi Iriarte Jankulov Juhászka
    Kalnietis Kobayakawa Lindhagen Lozinski Marchetto Mbekele Nakagiri Nordhaug Obermoser Okonjere Pasternik
    Quintavalle Ramanathar Rosendahl Sandberger Szentirma Takamori Tremblot Uddenberg Urquiola Vasconte
    Vennemann Wambugo Wisniowski Yamanobe Zubizarreta""")
    )
)

# Legal forms, trades and places that stand in many names: they stay, the other words are replaced.
GENERIC = words(
    """ab adr ag as asa bv co company corp corporation gmbh group holding holdings inc incorporated llc lp ltd
    limited nv oy oyj plc pty pvt sa sas se spa the of and de du la le van von der den di da al bin jr sr ii iii
    advisers advisors agency agri ai air airlines airways analytics asset assets associates association auto
    automotive bancorp bank banking bio biotech board brands brothers business cable capital care cement chain
    chemical chemicals clinics cloud commission communications consumer council credit data dental department
    design digital electric electronics energy engineering entertainment enterprises equities equity family
    finance financial firm food foods foundation founder founders freight fund funds gas global government
    growth haulage health healthcare home hotels house industries industry infrastructure insurance
    international investment investments investors labs law life logistics managed management manufacturing
    marine maritime market markets materials media medical metals mills mineral minerals mining ministry motor
    motors mutual national network networks north office oil park partner partners pension pensions petroleum
    pharma pharmaceuticals platform platforms ports post power press products properties property public radio
    rail railways real estate renewables research resources retail royal savings school seafood securities
    semiconductor services shipping software solar solutions south southern east eastern west western northern
    state steel storage stores studios supply systems technologies technology telecom telecommunications
    telephone television textile textiles trade trading transport trust union united university utilities
    venture ventures water weavers wind works world
    american australian austrian belgian brazilian british canadian chinese danish dutch european finnish
    french german greek hong kong indian irish italian japanese korean mexican nordic norwegian polish
    portuguese russian singapore spanish swedish swiss us usa uk eu first new general series round
    mr mrs ms dr sir dame lord prof president chairman chief executive officer"""
)

# First names that are other words at the head of a sentence.
AMBIGUOUS = words("will mark may april june august art bill rich grace hope joy faith chase drew")

_SPELLED = {number: word for word, number in NUMBER_WORDS.items()}


def spelled(number: int) -> str:
    """A number under 100 in words."""
    if number in _SPELLED:
        return _SPELLED[number]
    return f"{_SPELLED[number - number % 10]}-{_SPELLED[number % 10]}"


class Names:
    """Draws names that do not stand in a text, and none twice."""

    def __init__(self, rng: random.Random, text: str) -> None:
        self._rng = rng
        self._text = text.casefold()
        self._used: set[str] = set()

    def draw(self, pool: tuple[str, ...], original: str = "B") -> str:
        """Draw a name that takes the same article ("a", "an") as the original."""
        vowel = original[0].casefold() in "aeiou"
        free = [name for name in pool if name not in self._used and name.casefold() not in self._text]
        alike = [name for name in free if (name[0] in "AEIOU") == vowel]
        other = [name for name in alike if all(a[:3] != name[:3] and a[-3:] != name[-3:] for a in self._used)]
        name = self._rng.choice(other or alike or free or pool)
        self._used.add(name)
        return name

    def company(self) -> str:
        """Draw a company's name."""
        return self.draw(COMPANIES)
