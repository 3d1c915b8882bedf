# SPDX-License-Identifier: GPL-3.0-or-later
"""The languages of the snippets that can be run where their tools are, and how."""

import os
import shutil
import subprocess
import tempfile

# name: (file, tools that must be there, command)
LANGUAGES = {
    "curl": ("token.sh", ["bash", "curl"], ["bash", "token.sh"]),
    "go": ("token.go", ["go"], ["go", "run", "token.go"]),
    "java": ("Token.java", ["javac", "java"], ["java", "Token.java"]),
    "node": ("token.mjs", ["node"], ["node", "token.mjs"]),
    "php": ("token.php", ["php"], ["php", "token.php"]),
    "python": ("token.py", ["python3"], ["python3", "token.py"]),
    "ruby": ("token.rb", ["ruby"], ["ruby", "token.rb"]),
    "swift": ("token.swift", ["swiftc"], ["bash", "-c", "swiftc -parse-as-library token.swift -o token && exec ./token"]),
}
# Each of these is compiled for every case.
SLOW = ("go", "java", "swift")


def missing_tool(language):
    """Returns the first tool of the language that is not here, or None."""
    return next((tool for tool in LANGUAGES[language][1] if not shutil.which(tool)), None)


def run_snippet(language, text, values):
    """Runs TEXT (bytes) in a folder of its own; VALUES are added to its environment, as WARIFU_NAME."""
    file_name, _, command = LANGUAGES[language]
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment.setdefault("GOCACHE", os.path.join(tempfile.gettempdir(), "warifu-go"))
    environment.update({"WARIFU_" + name.upper(): value for name, value in values.items()})
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, file_name), "wb") as file:
            file.write(text)
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120, check=False)
