# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs unittest cases and prints TAP, one line a case, in the order in which they stand.

SCRIPT -k NAME... runs only the cases whose name contains one of NAME.
"""

import sys
import traceback
import unittest


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0
        self.bad = 0

    def say(self, verdict, test, note=""):
        self.number += 1
        name = (test.shortDescription() or test.id().removeprefix("__main__.")).replace("#", "No. ")
        print(f"{verdict} {self.number} - {name}{note}", flush=True)

    def explain(self, test, error):
        self.bad += 1
        self.say("not ok", test)
        for line in "".join(traceback.format_exception(*error)).splitlines():
            print(f"# {line}", flush=True)

    def addSuccess(self, test):
        self.say("ok", test)

    def addSkip(self, test, reason):
        self.say("ok", test, f" # SKIP {reason}")

    def addFailure(self, test, error):
        self.explain(test, error)

    def addError(self, test, error):
        self.explain(test, error)

    def addSubTest(self, test, subtest, error):
        if error:
            self.explain(subtest, error)


def main():
    loader = unittest.TestLoader()
    loader.sortTestMethodsUsing = None
    loader.testNamePatterns = [f"*{name}*" for name in sys.argv[2:]] if sys.argv[1:2] == ["-k"] else None
    module = sys.modules["__main__"]
    suite = unittest.TestSuite()
    for name, value in vars(module).items():
        if isinstance(value, type) and issubclass(value, unittest.TestCase) and value.__module__ == "__main__":
            suite.addTests(loader.loadTestsFromTestCase(value))
    result = TapResult()
    suite.run(result)
    print(f"1..{result.number}")
    sys.exit(1 if result.bad or result.number == 0 else 0)
