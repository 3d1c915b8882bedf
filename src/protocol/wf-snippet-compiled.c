/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-snippet-private.h"

/* Languages that are compiled first. WfSnippetTemplate explains the marks. */

const WfSnippetTemplate wf_snippet_csharp = {
  .name = "csharp",
  .title = "C#",
  .file_name = "Program.cs",
  .environment = { "Env(\"", "\")" },
  .append_literal = wf_snippet_append_unicode,
  .text =
    "// .NET 6 or newer: the Program.cs of a console project.\n"
    "using System;\n"
    "using System.Collections.Generic;\n"
    "using System.Net.Http;\n"
    "using System.Net.Http.Headers;\n"
    "B|using System.Text;\n"
    "\n"
    "E|static string Env(string name) =>\n"
    "E|    Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($\"Set {name}.\");\n"
    "E|\n"
    "B|static string Encode(string text) => Uri.EscapeDataString(text).Replace(\"%20\", \"+\");\n"
    "B|\n"
    "var form = new KeyValuePair<string, string>[]\n"
    "{\n"
    "F|    new({{name}}, {{value}}),\n"
    "};\n"
    "using var request = new HttpRequestMessage(HttpMethod.Post, {{url}});\n"
    "request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(\"application/json\"));\n"
    "request.Content = new FormUrlEncodedContent(form);\n"
    "B|var credentials = Encoding.ASCII.GetBytes(Encode({{client_id}}) + \":\" + Encode({{secret}}));\n"
    "B|request.Headers.Authorization = new AuthenticationHeaderValue(\"Basic\", Convert.ToBase64String(credentials));\n"
    "\n"
    "using var handler = new HttpClientHandler { AllowAutoRedirect = false };\n"
    "using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };\n"
    "using var response = await http.SendAsync(request);\n"
    "Console.WriteLine(await response.Content.ReadAsStringAsync());\n"
    "return response.IsSuccessStatusCode ? 0 : 1;\n",
};

const WfSnippetTemplate wf_snippet_go = {
  .name = "go",
  .title = "Go",
  .file_name = "token.go",
  .environment = { "env(\"", "\")" },
  .append_literal = wf_snippet_append_unicode,
  .text =
    "package main\n"
    "\n"
    "import (\n"
    "\t\"fmt\"\n"
    "\t\"io\"\n"
    "\t\"log\"\n"
    "\t\"net/http\"\n"
    "\t\"net/url\"\n"
    "E|\t\"os\"\n"
    "\t\"strings\"\n"
    "\t\"time\"\n"
    ")\n"
    "\n"
    "E|func env(name string) string {\n"
    "E|\tvalue := os.Getenv(name)\n"
    "E|\tif value == \"\" {\n"
    "E|\t\tlog.Fatalf(\"Set %s.\", name)\n"
    "E|\t}\n"
    "E|\treturn value\n"
    "E|}\n"
    "E|\n"
    "func main() {\n"
    "\tform := url.Values{}\n"
    "F|\tform.Add({{name}}, {{value}})\n"
    "\n"
    "\trequest, err := http.NewRequest(http.MethodPost, {{url}}, strings.NewReader(form.Encode()))\n"
    "\tif err != nil {\n"
    "\t\tlog.Fatal(err)\n"
    "\t}\n"
    "\trequest.Header.Set(\"Accept\", \"application/json\")\n"
    "\trequest.Header.Set(\"Content-Type\", \"application/x-www-form-urlencoded\")\n"
    "B|\trequest.SetBasicAuth(url.QueryEscape({{client_id}}), url.QueryEscape({{secret}}))\n"
    "\n"
    "\tclient := &http.Client{\n"
    "\t\tTimeout: 30 * time.Second,\n"
    "\t\t// A redirect would take the secrets elsewhere.\n"
    "\t\tCheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },\n"
    "\t}\n"
    "\tresponse, err := client.Do(request)\n"
    "\tif err != nil {\n"
    "\t\tlog.Fatal(err)\n"
    "\t}\n"
    "\tdefer response.Body.Close()\n"
    "\tbody, err := io.ReadAll(response.Body)\n"
    "\tif err != nil {\n"
    "\t\tlog.Fatal(err)\n"
    "\t}\n"
    "\tfmt.Println(string(body))\n"
    "}\n",
};

const WfSnippetTemplate wf_snippet_java = {
  .name = "java",
  .title = "Java",
  .file_name = "Token.java",
  .environment = { "env(\"", "\")" },
  .append_literal = wf_snippet_append_java,
  .text =
    "// Java 11 or newer: java Token.java\n"
    "import java.net.URI;\n"
    "import java.net.URLEncoder;\n"
    "import java.net.http.HttpClient;\n"
    "import java.net.http.HttpRequest;\n"
    "import java.net.http.HttpResponse;\n"
    "import java.nio.charset.StandardCharsets;\n"
    "import java.time.Duration;\n"
    "import java.util.Arrays;\n"
    "B|import java.util.Base64;\n"
    "import java.util.stream.Collectors;\n"
    "\n"
    "public class Token {\n"
    "E|    static String env(String name) {\n"
    "E|        String value = System.getenv(name);\n"
    "E|        if (value == null || value.isEmpty()) {\n"
    "E|            throw new IllegalStateException(\"Set \" + name + \".\");\n"
    "E|        }\n"
    "E|        return value;\n"
    "E|    }\n"
    "E|\n"
    "    static String encode(String text) {\n"
    "        return URLEncoder.encode(text, StandardCharsets.UTF_8);\n"
    "    }\n"
    "\n"
    "    public static void main(String[] args) throws Exception {\n"
    "        String[][] form = {\n"
    "F|            { {{name}}, {{value}} },\n"
    "        };\n"
    "        String body = Arrays.stream(form)\n"
    "            .map(field -> encode(field[0]) + \"=\" + encode(field[1]))\n"
    "            .collect(Collectors.joining(\"&\"));\n"
    "B|        String client = encode({{client_id}}) + \":\" + encode({{secret}});\n"
    "B|        String credentials = Base64.getEncoder().encodeToString(client.getBytes(StandardCharsets.US_ASCII));\n"
    "        HttpRequest request = HttpRequest.newBuilder(URI.create({{url}}))\n"
    "            .timeout(Duration.ofSeconds(30))\n"
    "            .header(\"Accept\", \"application/json\")\n"
    "            .header(\"Content-Type\", \"application/x-www-form-urlencoded\")\n"
    "B|            .header(\"Authorization\", \"Basic \" + credentials)\n"
    "            .POST(HttpRequest.BodyPublishers.ofString(body))\n"
    "            .build();\n"
    "        HttpClient http = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();\n"
    "        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());\n"
    "        System.out.println(response.body());\n"
    "    }\n"
    "}\n",
};
