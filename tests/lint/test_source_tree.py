#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The measuring tools measure right."""

from source_tree import Report, functions, percentile, strip_comments_and_strings

SAMPLE = '''/* int not_one (void)
{
} */
static int
first (int a,
       int b)
{
  if (a)
    {
      return b;
    }
  return '{' + a;
}

int declared (void);

typedef struct
{
  int member;
} Thing;

static const char *words[] =
{
  "one (",
};

char *second (void)
{
  return "}";
}
'''


def main():
    report = Report()
    found = functions(SAMPLE)
    report.case("functions are found with their lines", [] if found == [("first", 5, 13), ("second", 27, 30)] else [str(found)])
    cleaned = strip_comments_and_strings('a /* x\ny */ "b\\"c" // d\n\'"\' e')
    report.case("comments and strings are emptied", [] if cleaned.split() == ["a", '""', "''", "e"] else [repr(cleaned)])
    report.case("lines stay where they are", [] if cleaned.count("\n") == 2 else [repr(cleaned)])
    report.case("a percentile is a member", [] if percentile([3, 1, 2], 0.5) == 2 and percentile([], 0.9) == 0 else ["wrong"])
    report.end()


main()
