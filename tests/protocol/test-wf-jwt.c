/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "wf-base64url.h"
#include "wf-error.h"
#include "wf-expect.h"
#include "wf-jwt.h"
#include "wf-test-jose.h"
#include "wf-time.h"

/* RFC 7515 appendix A.1 */
static const char rfc7515_hs256[] =
  "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
  ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
  ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/* RFC 7515 appendix A.5 */
static const char rfc7515_unsecured[] =
  "eyJhbGciOiJub25lIn0"
  ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
  ".";

/* RFC 7516 appendix A.1 */
static const char rfc7516_jwe[] =
  "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ"
  ".OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGe"
  ".48V1_ALb6US04U3b"
  ".5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji"
  ".XFBoMYUZodetZdvTiFvSkQ";

static WfJwt *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  WfJwt *jwt = wf_jwt_parse (text, -1, &error);

  g_assert_no_error (error);

  return jwt;
}

/* A token of three texts, with a signature that nobody checks. */
static char *
make_token (const char *header,
            const char *payload)
{
  g_autofree char *input = wf_test_make_input (header, payload);

  return g_strconcat (input, ".AAAA", NULL);
}

static void
test_signed (void)
{
  g_autoptr (WfJwt) jwt = parse (rfc7515_hs256);
  GBytes *input = wf_jwt_get_signing_input (jwt);
  const char *last_dot = strrchr (rfc7515_hs256, '.');
  static const guint8 signature[] = { 116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186,
                                      22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121 };

  g_assert_cmpint (wf_jwt_get_kind (jwt), ==, WF_JWT_SIGNED);
  g_assert_cmpstr (wf_jwt_get_algorithm (jwt), ==, "HS256");
  g_assert_null (wf_jwt_get_key_id (jwt));
  g_assert_cmpstr (json_object_get_string_member (wf_jwt_get_header (jwt), "typ"), ==, "JWT");
  g_assert_cmpstr (wf_jwt_get_claim_string (jwt, "iss"), ==, "joe");
  g_assert_null (wf_jwt_get_claim_string (jwt, "exp"));
  g_assert_null (wf_jwt_get_claim_string (jwt, "sub"));
  g_assert_cmpint (wf_jwt_get_claim_time (jwt, "exp"), ==, 1300819380);
  g_assert_cmpint (wf_jwt_get_claim_time (jwt, "iss"), ==, WF_TIME_UNKNOWN);
  g_assert_cmpint (wf_jwt_get_claim_time (jwt, "iat"), ==, WF_TIME_UNKNOWN);
  g_assert_true (json_object_get_boolean_member (wf_jwt_get_claims (jwt), "http://example.com/is_root"));
  g_assert_cmpmem (g_bytes_get_data (input, NULL), g_bytes_get_size (input), rfc7515_hs256, (gsize) (last_dot - rfc7515_hs256));
  g_assert_cmpmem (g_bytes_get_data (wf_jwt_get_signature (jwt), NULL), g_bytes_get_size (wf_jwt_get_signature (jwt)),
                   signature, sizeof signature);
}

static void
test_unsecured (void)
{
  g_autoptr (WfJwt) jwt = parse (rfc7515_unsecured);

  g_assert_cmpint (wf_jwt_get_kind (jwt), ==, WF_JWT_SIGNED);
  g_assert_cmpstr (wf_jwt_get_algorithm (jwt), ==, "none");
  g_assert_cmpuint (g_bytes_get_size (wf_jwt_get_signature (jwt)), ==, 0);
}

/* Catalogue 57 */
static void
test_encrypted (void)
{
  g_autoptr (WfJwt) jwt = parse (rfc7516_jwe);
  g_autofree char *direct = g_strconcat ("eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIiwiemlwIjoiREVGIn0", "..AAAA.AAAA.AAAA", NULL);
  g_autoptr (WfJwt) no_key = parse (direct);

  g_assert_cmpint (wf_jwt_get_kind (jwt), ==, WF_JWT_ENCRYPTED);
  g_assert_cmpstr (wf_jwt_get_algorithm (jwt), ==, "RSA-OAEP");
  g_assert_cmpstr (json_object_get_string_member (wf_jwt_get_header (jwt), "enc"), ==, "A256GCM");
  g_assert_null (wf_jwt_get_claims (jwt));
  g_assert_null (wf_jwt_get_claim_string (jwt, "sub"));
  g_assert_cmpint (wf_jwt_get_claim_time (jwt, "exp"), ==, WF_TIME_UNKNOWN);
  g_assert_nonnull (wf_jwt_get_signature (jwt));
  g_assert_nonnull (wf_jwt_get_signing_input (jwt));
  g_assert_cmpint (wf_jwt_get_kind (no_key), ==, WF_JWT_ENCRYPTED);
}

/* Five parts make no JWE: its header says how the content is encrypted (RFC 7516 §4.1.2). Catalogue 57. */
static void
test_five_parts (void)
{
  static const char *const headers[] = {
    "{\"alg\":\"RS256\"}", "{\"alg\":\"none\"}", "{\"alg\":\"dir\",\"enc\":null}", "{\"alg\":\"dir\",\"enc\":7}",
    "{\"alg\":\"dir\",\"enc\":\"\"}", "{\"alg\":\"dir\",\"enc\":[\"A128GCM\"]}", "{\"enc\":\"A128GCM\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *three = make_token (headers[i], "{}");
      g_autofree char *five = g_strconcat (three, ".AAAA.AAAA", NULL);

      wf_expect_error (wf_jwt_parse (five, -1, &err) != NULL, WF_ERROR_MALFORMED_RESPONSE);
      g_assert_cmpint (wf_jwt_guess_kind (five), ==, WF_JWT_OPAQUE);
    }
}

static void
test_key_id (void)
{
  g_autofree char *with = make_token ("{\"alg\":\"RS256\",\"kid\":\"../../etc/passwd\"}", "{}");
  g_autofree char *number = make_token ("{\"alg\":\"RS256\",\"kid\":7}", "{}");
  g_autofree char *empty = make_token ("{\"alg\":\"RS256\",\"kid\":\"\"}", "{}");
  g_autoptr (WfJwt) a = parse (with);
  g_autoptr (WfJwt) b = parse (number);
  g_autoptr (WfJwt) c = parse (empty);

  g_assert_cmpstr (wf_jwt_get_key_id (a), ==, "../../etc/passwd");
  g_assert_null (wf_jwt_get_key_id (b));
  g_assert_cmpstr (wf_jwt_get_key_id (c), ==, "");
}

/* Catalogue 46 and 55: headers */
static void
test_refused_headers (void)
{
  static const char *const headers[] = {
    "", "x", "[]", "\"alg\"", "null", "{}", "{\"alg\":null}", "{\"alg\":[\"HS256\"]}", "{\"alg\":1}", "{\"alg\":true}", "{\"alg\":{}}",
    "{\"typ\":\"JWT\"}", "{\"ALG\":\"RS256\"}", "{\"alg\":\"RS256\",\"alg\":\"none\"}", "{\"alg\":\"none\",\"\\u0061lg\":\"RS256\"}",
    "{\"alg\":\"RS256\",\"kid\":\"a\",\"kid\":\"b\"}", "{\"alg\":\"RS256\"} ", "{\"alg\":\"RS256\"}x", "{'alg':'RS256'}", "{\"alg\":\"RS256\",}",
    "{\"alg\":\"RS\\u0000256\"}", "\xef\xbb\xbf{\"alg\":\"RS256\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *token = make_token (headers[i], "{}");
      g_autoptr (GError) error = NULL;
      g_autoptr (WfJwt) jwt = wf_jwt_parse (token, -1, &error);

      /* White space after the object is JSON. */
      if (g_str_has_suffix (headers[i], " "))
        {
          g_assert_no_error (error);
          continue;
        }
      if (jwt)
        g_error ("accepted: %s", headers[i]);
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
      g_assert_cmpint (wf_jwt_guess_kind (token), ==, WF_JWT_OPAQUE);
    }
}

static void
test_refused_payloads (void)
{
  static const char *const payloads[] = {
    "", "x", "[]", "\"a\"", "1", "null", "{\"sub\":\"a\",\"sub\":\"b\"}", "{} {}", "{\"a\":1,}", "{\"a\":01}", "{\"sub\":\"a\\u0000b\"}", "{\"sub\":\"\xff\"}",
    "Example of Ed25519 signing",
  };

  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      g_autofree char *token = make_token ("{\"alg\":\"RS256\"}", payloads[i]);
      g_autoptr (GError) error = NULL;

      if (wf_jwt_parse (token, -1, &error))
        g_error ("accepted: %s", payloads[i]);
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
    }
}

/* Catalogue 55: encodings */
static void
test_refused_texts (void)
{
  /* {"alg":"HS256"} . {} */
  static const char *const texts[] = {
    "", ".", "..", "...", "....", "a", "a.b", "a.b.c",
    "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.e30", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA.AAAA", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA.AAAA.AAAA.AAAA",
    "eyJhbGciOiJIUzI1NiJ9.e30.AAAA.AAAA.AAAA.", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA.", ".e30.AAAA", "eyJhbGciOiJIUzI1NiJ9..AAAA",
    "eyJhbGciOiJIUzI1NiJ9=.e30.AAAA", "eyJhbGciOiJIUzI1NiJ9.e30=.AAAA", "eyJhbGciOiJIUzI1NiJ9.e30.AAA=", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA=",
    " eyJhbGciOiJIUzI1NiJ9.e30.AAAA", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA ", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA\n", "eyJhbGciOiJIUzI1NiJ9. e30.AAAA",
    "eyJhbGciOiJIUzI1NiJ9\n.e30.AAAA", "eyJhbGciOiJIUzI1NiJ9.e30.AA+A", "eyJhbGciOiJIUzI1NiJ9.e30.AA/A", "eyJhbGciOiJIUzI1NiJ9.e30.AA%41",
    "eyJhbGciOiJIUzI1NiJ9.e31.AAAA", "eyJhbGciOiJIUzI1NiJ9.e30.AAB", "eyJhbGciOiJIUzI1NiJ9.e30.A", "eyJhbGciOiJIUzI1NiJ9.e30.AAAAA",
    "eyJhbGciOiJIUzI1NiJ9,e30,AAAA", "Bearer eyJhbGciOiJIUzI1NiJ9.e30.AAAA",
    "{\"payload\":\"e30\",\"signatures\":[{\"protected\":\"eyJhbGciOiJIUzI1NiJ9\",\"signature\":\"AAAA\"}]}",
    "{\"payload\":\"e30\",\"protected\":\"eyJhbGciOiJIUzI1NiJ9\",\"signature\":\"AAAA\"}",
    "eyJhbGciOiJkaXIifQ..AAAA.AA=A.AAAA", "eyJhbGciOiJkaXIifQ.AAAA.AAAA.AAAA.A A", "eyJhbGciOiJkaXIifQ.\xc3\xa9.AAAA.AAAA.AAAA",
    "ZXlKaGJHY2lPaUpJVXpJMU5pSjk.e30.AAAA",
  };
  static const char good[] = "eyJhbGciOiJIUzI1NiJ9.e30.AAAA";
  g_autoptr (WfJwt) jwt = parse (good);

  g_assert_nonnull (jwt);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      if (wf_jwt_parse (texts[i], -1, &error))
        g_error ("accepted: %s", texts[i]);
      g_assert_error (error, WF_ERROR, WF_ERROR_MALFORMED_RESPONSE);
      g_assert_null (strstr (error->message, "eyJ"));
    }
}

static void
test_length (void)
{
  static const char text[] = "eyJhbGciOiJIUzI1NiJ9.e30.AAAA.rest";
  g_autoptr (WfJwt) jwt = wf_jwt_parse (text, 29, NULL);
  g_autofree char *nul = g_memdup2 ("eyJhbGciOiJIUzI1NiJ9.e30.AA\0A", 29);

  g_assert_nonnull (jwt);
  g_assert_cmpuint (g_bytes_get_size (wf_jwt_get_signature (jwt)), ==, 3);
  g_assert_null (wf_jwt_parse (nul, 29, NULL));
}

static void
test_too_large (void)
{
  g_autofree char *text = g_strnfill (WF_JWT_MAX_BYTES + 1, 'A');
  g_autofree char *long_header = g_strnfill (65 * 1024, 'a');
  g_autofree char *header = g_strdup_printf ("{\"alg\":\"RS256\",\"x\":\"%s\"}", long_header);
  g_autofree char *token = make_token (header, "{}");
  g_autoptr (GError) error = NULL;

  g_assert_null (wf_jwt_parse (text, -1, &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE);
  g_assert_cmpint (wf_jwt_guess_kind (text), ==, WF_JWT_OPAQUE);
  g_clear_error (&error);

  g_assert_null (wf_jwt_parse (token, -1, &error));
  g_assert_error (error, WF_ERROR, WF_ERROR_RESPONSE_TOO_LARGE);
}

static void
test_large (void)
{
  g_autofree char *filler = g_strnfill (700 * 1024, 'a');
  g_autofree char *payload = g_strdup_printf ("{\"filler\":\"%s\",\"sub\":\"alice\"}", filler);
  g_autofree char *token = make_token ("{\"alg\":\"RS256\"}", payload);
  g_autoptr (WfJwt) jwt = parse (token);

  g_assert_cmpstr (wf_jwt_get_claim_string (jwt, "sub"), ==, "alice");
}

/* Catalogue 56 */
static void
test_times (void)
{
  static const struct
  {
    const char *value;
    gint64      time;
  } cases[] = {
    { "0", 0 },
    { "1300819380", 1300819380 },
    { "1300819380.0", 1300819380 },
    { "1300819380.999", 1300819380 },
    { "1.30081938e9", 1300819380 },
    { "0.5", 0 },
    { "-0", 0 },
    { "253402300799", G_GINT64_CONSTANT (253402300799) },
    { "253402300799.9", G_GINT64_CONSTANT (253402300799) },
    { "253402300800", WF_TIME_UNKNOWN },
    { "-1", WF_TIME_UNKNOWN },
    { "-0.5", WF_TIME_UNKNOWN },
    { "1e300", WF_TIME_UNKNOWN },
    { "9223372036854775807", WF_TIME_UNKNOWN },
    { "9223372036854775808", WF_TIME_UNKNOWN },
    { "12345678901234567890123", WF_TIME_UNKNOWN },
    { "\"1300819380\"", WF_TIME_UNKNOWN },
    { "null", WF_TIME_UNKNOWN },
    { "true", WF_TIME_UNKNOWN },
    { "[1300819380]", WF_TIME_UNKNOWN },
    { "{}", WF_TIME_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *payload = g_strdup_printf ("{\"exp\":%s}", cases[i].value);
      g_autofree char *token = make_token ("{\"alg\":\"RS256\"}", payload);
      g_autoptr (WfJwt) jwt = parse (token);

      g_assert_cmpint (wf_jwt_get_claim_time (jwt, "exp"), ==, cases[i].time);
    }
}

static void
test_guess (void)
{
  static const struct
  {
    const char *text;
    WfJwtKind   kind;
  } cases[] = {
    { rfc7515_hs256, WF_JWT_SIGNED },
    { rfc7515_unsecured, WF_JWT_SIGNED },
    { rfc7516_jwe, WF_JWT_ENCRYPTED },
    { "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", WF_JWT_SIGNED },
    { "eyJhbGciOiJIUzI1NiJ9.x.y", WF_JWT_SIGNED }, /* payloads are not decoded */
    { "", WF_JWT_OPAQUE },
    { "mF_9.B5f-4.1JqM", WF_JWT_OPAQUE },
    { "a.b.c", WF_JWT_OPAQUE },
    { "gho_16C7e42F292c6912E7710c838347Ae178B4a", WF_JWT_OPAQUE },
    { "eyJhbGciOiJIUzI1NiJ9", WF_JWT_OPAQUE },
    { "eyJhbGciOiJIUzI1NiJ9.e30", WF_JWT_OPAQUE },
    { "eyJhbGciOiJIUzI1NiJ9.e30.AAAA.AAAA", WF_JWT_OPAQUE },
    { "eyJhbGciOiJIUzI1NiJ9.e30.AA A", WF_JWT_OPAQUE },
    { "e30.e30.AAAA", WF_JWT_OPAQUE },
    { "W10.e30.AAAA", WF_JWT_OPAQUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (wf_jwt_guess_kind (cases[i].text), ==, cases[i].kind);
  g_assert_cmpint (wf_jwt_guess_kind (NULL), ==, WF_JWT_OPAQUE);
}

static void
test_boxed (void)
{
  g_autoptr (WfJwt) jwt = parse (rfc7515_hs256);
  WfJwt *copy = g_boxed_copy (WF_TYPE_JWT, jwt);

  g_assert_true (copy == jwt);
  g_boxed_free (WF_TYPE_JWT, copy);
  g_assert_cmpstr (wf_jwt_get_algorithm (jwt), ==, "HS256");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jwt/signed", test_signed);
  g_test_add_func ("/jwt/unsecured", test_unsecured);
  g_test_add_func ("/jwt/encrypted", test_encrypted);
  g_test_add_func ("/jwt/five-parts", test_five_parts);
  g_test_add_func ("/jwt/key-id", test_key_id);
  g_test_add_func ("/jwt/refused-headers", test_refused_headers);
  g_test_add_func ("/jwt/refused-payloads", test_refused_payloads);
  g_test_add_func ("/jwt/refused-texts", test_refused_texts);
  g_test_add_func ("/jwt/length", test_length);
  g_test_add_func ("/jwt/too-large", test_too_large);
  g_test_add_func ("/jwt/large", test_large);
  g_test_add_func ("/jwt/times", test_times);
  g_test_add_func ("/jwt/guess", test_guess);
  g_test_add_func ("/jwt/boxed", test_boxed);

  return g_test_run ();
}
