/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-snippet-private.h"

/* Languages that are run as they are written. WfSnippetTemplate explains the marks. */

const WfSnippetTemplate wf_snippet_curl = {
  .name = "curl",
  .title = "cURL",
  .file_name = "token.sh",
  .environment = { "\"$", "\"" },
  .append_literal = wf_snippet_append_shell,
  .text =
    "#!/usr/bin/env bash\n"
    "# Secrets go to curl through pipes: its command line is open to every user of this machine.\n"
    "set -eu\n"
    "V|: {{variable}}\n"
    "B|\n"
    "B|urlencode () {\n"
    "B|  printf %s \"$1\" | od -An -v -tx1 | tr -d ' \\n' | sed 's/../%&/g'\n"
    "B|}\n"
    "\n"
    "curl --silent --show-error --max-time 30 \\\n"
    "  --header 'Accept: application/json' \\\n"
    "B|  --config <(printf 'user = \"%s:%s\"' \"$(urlencode {{client_id}})\" \"$(urlencode {{secret}})\") \\\n"
    "F|  --data-urlencode {{field}} \\\n"
    "  {{url}}\n"
    "echo\n",
};

const WfSnippetTemplate wf_snippet_node = {
  .name = "node",
  .title = "Node.js",
  .file_name = "token.mjs",
  .environment = { "env(\"", "\")" },
  .append_literal = wf_snippet_append_hex,
  .text =
    "// Node.js 18 or newer; save as token.mjs.\n"
    "E|function env(name) {\n"
    "E|  const value = process.env[name];\n"
    "E|  if (!value) throw new Error(`Set ${name}.`);\n"
    "E|  return value;\n"
    "E|}\n"
    "E|\n"
    "B|function encode(text) {\n"
    "B|  return new URLSearchParams([[\"\", text]]).toString().slice(1);\n"
    "B|}\n"
    "B|\n"
    "const form = new URLSearchParams([\n"
    "F|  [{{name}}, {{value}}],\n"
    "]);\n"
    "const headers = { Accept: \"application/json\" };\n"
    "B|const client = `${encode({{client_id}})}:${encode({{secret}})}`;\n"
    "B|headers.Authorization = `Basic ${Buffer.from(client).toString(\"base64\")}`;\n"
    "\n"
    "const response = await fetch({{url}}, {\n"
    "  method: \"POST\",\n"
    "  headers,\n"
    "  body: form,\n"
    "  redirect: \"error\", // it would take the secrets elsewhere\n"
    "  signal: AbortSignal.timeout(30_000),\n"
    "});\n"
    "console.log(await response.text());\n"
    "process.exitCode = response.ok ? 0 : 1;\n",
};

const WfSnippetTemplate wf_snippet_php = {
  .name = "php",
  .title = "PHP",
  .file_name = "token.php",
  .environment = { "from_environment('", "')" },
  .append_literal = wf_snippet_append_single,
  .text =
    "<?php\n"
    "declare(strict_types=1);\n"
    "\n"
    "E|function from_environment(string $name): string\n"
    "E|{\n"
    "E|    $value = getenv($name);\n"
    "E|    if ($value === false || $value === '') {\n"
    "E|        fwrite(STDERR, \"Set $name.\" . PHP_EOL);\n"
    "E|        exit(1);\n"
    "E|    }\n"
    "E|    return $value;\n"
    "E|}\n"
    "E|\n"
    "$form = [\n"
    "F|    [{{name}}, {{value}}],\n"
    "];\n"
    "$body = implode('&', array_map(\n"
    "    fn (array $field): string => urlencode($field[0]) . '=' . urlencode($field[1]),\n"
    "    $form\n"
    "));\n"
    "$headers = ['Accept: application/json', 'Content-Type: application/x-www-form-urlencoded'];\n"
    "B|$client = urlencode({{client_id}}) . ':' . urlencode({{secret}});\n"
    "B|$headers[] = 'Authorization: Basic ' . base64_encode($client);\n"
    "\n"
    "$curl = curl_init({{url}});\n"
    "curl_setopt_array($curl, [\n"
    "    CURLOPT_POST => true,\n"
    "    CURLOPT_POSTFIELDS => $body,\n"
    "    CURLOPT_HTTPHEADER => $headers,\n"
    "    CURLOPT_RETURNTRANSFER => true,\n"
    "    CURLOPT_FOLLOWLOCATION => false,\n"
    "    CURLOPT_TIMEOUT => 30,\n"
    "]);\n"
    "$response = curl_exec($curl);\n"
    "if ($response === false) {\n"
    "    fwrite(STDERR, curl_error($curl) . PHP_EOL);\n"
    "    exit(1);\n"
    "}\n"
    "echo $response, PHP_EOL;\n"
    "exit(curl_getinfo($curl, CURLINFO_RESPONSE_CODE) === 200 ? 0 : 1);\n",
};

const WfSnippetTemplate wf_snippet_python = {
  .name = "python",
  .title = "Python",
  .file_name = "token.py",
  .environment = { "os.environ[\"", "\"]" },
  .append_literal = wf_snippet_append_hex,
  .text =
    "#!/usr/bin/env python3\n"
    "B|import base64\n"
    "E|import os\n"
    "import urllib.error\n"
    "import urllib.parse\n"
    "import urllib.request\n"
    "\n"
    "\n"
    "class NoRedirect(urllib.request.HTTPRedirectHandler):\n"
    "    def redirect_request(self, *args):\n"
    "        return None  # a redirect would take the secrets elsewhere\n"
    "\n"
    "\n"
    "form = [\n"
    "F|    ({{name}}, {{value}}),\n"
    "]\n"
    "headers = {\n"
    "    \"Accept\": \"application/json\",\n"
    "    \"Content-Type\": \"application/x-www-form-urlencoded\",\n"
    "}\n"
    "B|client = \":\".join(map(urllib.parse.quote_plus, [{{client_id}}, {{secret}}]))\n"
    "B|headers[\"Authorization\"] = \"Basic \" + base64.b64encode(client.encode()).decode()\n"
    "request = urllib.request.Request(\n"
    "    {{url}},\n"
    "    data=urllib.parse.urlencode(form).encode(),\n"
    "    headers=headers,\n"
    ")\n"
    "opener = urllib.request.build_opener(NoRedirect)\n"
    "try:\n"
    "    with opener.open(request, timeout=30) as response:\n"
    "        print(response.read().decode())\n"
    "except urllib.error.HTTPError as error:\n"
    "    print(error.read().decode())\n"
    "    raise SystemExit(1)\n",
};

const WfSnippetTemplate wf_snippet_ruby = {
  .name = "ruby",
  .title = "Ruby",
  .file_name = "token.rb",
  .environment = { "ENV.fetch(\"", "\")" },
  .append_literal = wf_snippet_append_single,
  .text =
    "#!/usr/bin/env ruby\n"
    "require \"net/http\"\n"
    "require \"uri\"\n"
    "\n"
    "uri = URI({{url}})\n"
    "form = [\n"
    "F|  [{{name}}, {{value}}],\n"
    "]\n"
    "request = Net::HTTP::Post.new(uri)\n"
    "request[\"Accept\"] = \"application/json\"\n"
    "request[\"Content-Type\"] = \"application/x-www-form-urlencoded\"\n"
    "request.body = URI.encode_www_form(form)\n"
    "B|client = [{{client_id}}, {{secret}}]\n"
    "B|request.basic_auth(*client.map { |part| URI.encode_www_form_component(part) })\n"
    "\n"
    "response = Net::HTTP.start(\n"
    "  uri.hostname,\n"
    "  uri.port,\n"
    "  use_ssl: uri.scheme == \"https\",\n"
    "  open_timeout: 30,\n"
    "  read_timeout: 30\n"
    ") { |http| http.request(request) }\n"
    "puts response.body\n"
    "exit response.is_a?(Net::HTTPSuccess)\n",
};
