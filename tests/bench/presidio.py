#!/usr/bin/env python3
"""presidio.py TIJORI [--seed N] [--threshold X] [--holdout] [--faults]: our detectors beside Microsoft Presidio's pattern recognisers.

Both see the same sentences, filled from the same seed, and are scored span by span (tests/guardrails/corpus/README.md). Presidio gets
all its Indian recognisers, those of cards, e-mail and UPI (where a version has one), and telephones of region IN; a blank English spaCy
model cuts words, and each word stands for its own lemma, so that its context words count. Needs presidio-analyzer.
"""
import argparse
import importlib
import inspect
import logging
import pathlib
import sys

import spacy
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry
from presidio_analyzer import predefined_recognizers as recognizers
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "guardrails"))
make_set, scoring = importlib.import_module("make_set"), importlib.import_module("scoring")

OUR_NAMES = {"IN_AADHAAR": "AADHAAR", "IN_PAN": "PAN", "IN_GSTIN": "GSTIN", "CREDIT_CARD": "PAYMENT_CARD", "IN_IFSC": "IFSC",
             "PHONE_NUMBER": "PHONE_MOBILE", "EMAIL_ADDRESS": "EMAIL", "IN_UPI": "UPI_VPA", "UPI_ID": "UPI_VPA", "IN_UPI_ID": "UPI_VPA"}


class BlankEngine(NlpEngine):
    def __init__(self):
        self.nlp = None

    def load(self):
        self.nlp = spacy.blank("en")

    def is_loaded(self):
        return self.nlp is not None

    def get_supported_entities(self):
        return []

    def get_supported_languages(self):
        return ["en"]

    def is_stopword(self, word, language):
        return self.nlp.vocab[word].is_stop

    def is_punct(self, word, language):
        return self.nlp.vocab[word].is_punct

    def process_text(self, text, language):
        doc = self.nlp(text)
        words = [token.text.lower() for token in doc]
        artifacts = NlpArtifacts(entities=[], tokens=doc, tokens_indices=[token.idx for token in doc], lemmas=words,
                                 nlp_engine=self, language=language)
        artifacts.keywords = [word for word in words if not self.is_stopword(word, language) and not self.is_punct(word, language)]
        return artifacts

    def process_batch(self, texts, language, **_):
        for text in texts:
            yield text, self.process_text(text, language)


def analyzer():
    # Without a network its list of domains is the one in the package; no need to say so each time.
    logging.getLogger("tldextract").setLevel(logging.CRITICAL)
    chosen = [kind() for name, kind in vars(recognizers).items()
              if name.startswith("In") and inspect.isclass(kind) and issubclass(kind, EntityRecognizer)]
    chosen += [recognizers.CreditCardRecognizer(), recognizers.EmailRecognizer(), recognizers.PhoneRecognizer(supported_regions=["IN"])]
    engine = BlankEngine()
    engine.load()
    return AnalyzerEngine(registry=RecognizerRegistry(recognizers=chosen), nlp_engine=engine, supported_languages=["en"]), chosen


def found_by(engine, sentences, threshold):
    wanted = [name for name in engine.get_supported_entities("en") if name in OUR_NAMES]
    for sentence in sentences:
        results = engine.analyze(sentence["text"], "en", entities=wanted, score_threshold=threshold)
        yield [{"label": OUR_NAMES[each.entity_type], "start": each.start, "end": each.end} for each in results]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("tijori")
    arguments.add_argument("--seed", type=int, default=20240614)
    arguments.add_argument("--threshold", type=float, default=0.4)
    arguments.add_argument("--holdout", action="store_true")
    arguments.add_argument("--faults", action="store_true", help="print what Presidio misses or invents")
    options = arguments.parse_args()
    sentences = (make_set.holdout_set if options.holdout else make_set.labelled_set)(options.seed)
    engine, chosen = analyzer()
    print("recognisers:", ", ".join(sorted(type(each).__name__ for each in chosen)))
    peer = scoring.score(sentences, list(found_by(engine, sentences, options.threshold)))
    ours = scoring.score(sentences, scoring.scanned(options.tijori, sentences))
    if options.faults:
        print("\n".join(peer.faults))
    print(scoring.table({"Tijori": ours, "Presidio": peer}))


if __name__ == "__main__":
    main()
