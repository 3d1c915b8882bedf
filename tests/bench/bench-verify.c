/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tokens verified per second: wf_jws_verify() against the bare call of GnuTLS on the same key and
 * bytes. The aim is 0.9 of it or more. */

#include <glib.h>
#include <gnutls/crypto.h>
#include <locale.h>
#include <string.h>

#include "wf-base64url.h"
#include "wf-bench.h"
#include "wf-jws.h"
#include "wf-test-jose.h"

#define AIM 0.9

typedef struct
{
  const char             *algorithm;
  const char             *curve; /* NULL: RSA of 2048 bits */
  gnutls_sign_algorithm_t sign;
  gboolean                has_aim;
} Case;

static const Case cases[] = {
  { "RS256", NULL, GNUTLS_SIGN_RSA_SHA256, TRUE },
  { "PS256", NULL, GNUTLS_SIGN_RSA_PSS_RSAE_SHA256, FALSE },
  { "ES256", "P-256", GNUTLS_SIGN_ECDSA_SHA256, TRUE },
  { "ES384", "P-384", GNUTLS_SIGN_ECDSA_SHA384, FALSE },
  { "ES512", "P-521", GNUTLS_SIGN_ECDSA_SHA512, FALSE },
  { "EdDSA", "Ed25519", GNUTLS_SIGN_EDDSA_ED25519, TRUE },
};

typedef struct
{
  gnutls_pubkey_t         key;
  gnutls_sign_algorithm_t sign;
  gnutls_datum_t          input;
  gnutls_datum_t          signature; /* DER for ECDSA */
  char                   *token;
  WfJwt                  *jwt;
  WfJwks                 *jwks;
} Subject;

static const char payload[] =
  "{\"iss\":\"https://id.example.org/\",\"sub\":\"auth0|65f1c0ffee65f1c0ffee65f1\",\"aud\":\"Jx7GZwq0Yb1bqzq5kMmNDd2tYhQvRr8U\","
  "\"iat\":1795353600,\"exp\":1795389600,\"nonce\":\"M6tzVgkqVq7JcUZ6Qe8vVt0Yb5bqzq5kMmNDd2tYhQv\",\"name\":\"Alice Liddell\",\"nickname\":\"alice\","
  "\"email\":\"alice@example.org\",\"email_verified\":true,\"picture\":\"https://id.example.org/pictures/65f1c0ffee65f1c0ffee65f1.png\","
  "\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\",\"auth_time\":1795353590,\"acr\":\"urn:mace:incommon:iap:silver\",\"sid\":\"uW4pCjGhVnTq2RkYz7xLs8dFbNm3QaEo\"}";

static void
run_bare (gpointer data)
{
  Subject *subject = data;

  if (gnutls_pubkey_verify_data2 (subject->key, subject->sign, 0, &subject->input, &subject->signature) < 0)
    g_error ("GnuTLS refused the signature");
}

static void
run_verify (gpointer data)
{
  Subject *subject = data;
  g_autoptr (WfVerification) verification = wf_jws_verify (subject->jwt, subject->jwks, NULL);

  if (verification->verdict != WF_JWS_VERIFIED)
    g_error ("not verified: %s", verification->reason);
}

static void
run_parse_and_verify (gpointer data)
{
  Subject *subject = data;
  g_autoptr (WfJwt) jwt = wf_jwt_parse (subject->token, -1, NULL);
  g_autoptr (WfVerification) verification = wf_jws_verify (jwt, subject->jwks, NULL);

  if (verification->verdict != WF_JWS_VERIFIED)
    g_error ("not verified: %s", verification->reason);
}

static gnutls_datum_t
as_datum (GBytes *bytes)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  return (gnutls_datum_t) { (guint8 *) data, (guint) length };
}

static void
subject_init (Subject    *subject,
              const Case *test)
{
  g_autoptr (WfTestKey) key = test->curve ? wf_test_key_new_curve (test->curve) : wf_test_key_new_rsa (2048);
  g_autofree char *header = g_strdup_printf ("{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"QyR1nTq2RkYz7xLs8dFbN\"}", test->algorithm);
  g_autofree char *jwk = wf_test_key_to_jwk (key, "\"kid\":\"QyR1nTq2RkYz7xLs8dFbN\",\"use\":\"sig\"");
  g_autofree char *set = wf_test_make_jwks (jwk, NULL);

  subject->token = wf_test_key_sign (key, test->algorithm, header, payload);
  subject->jwt = wf_jwt_parse (subject->token, -1, NULL);
  subject->jwks = wf_jwks_parse (set, strlen (set), NULL);
  subject->key = wf_jwk_get_public_key (wf_jwks_get_key (subject->jwks, 0));
  subject->sign = test->sign;
  subject->input = as_datum (wf_jwt_get_signing_input (subject->jwt));
  subject->signature = as_datum (wf_jwt_get_signature (subject->jwt));
  if (test->curve && test->curve[0] == 'P')
    {
      guint half = subject->signature.size / 2;
      gnutls_datum_t r = { subject->signature.data, half };
      gnutls_datum_t s = { subject->signature.data + half, half };

      gnutls_encode_rs_value (&subject->signature, &r, &s);
    }
}

static gboolean
run_case (const Case *test)
{
  Subject subject = { NULL };
  double bare, verify, again, whole;
  gboolean is_missed;

  subject_init (&subject, test);
  wf_bench_compare (run_bare, run_verify, &subject, &bare, &verify);
  wf_bench_compare (run_bare, run_parse_and_verify, &subject, &again, &whole);
  is_missed = test->has_aim && verify / bare < AIM;
  g_print ("%-8s %12.0f %12.0f %8.2f %16.0f %8.2f%s\n", test->algorithm, bare, verify, verify / bare, whole, whole / again,
           is_missed ? "  MISSED" : "");

  if (test->curve && test->curve[0] == 'P')
    gnutls_free (subject.signature.data);
  g_free (subject.token);
  wf_jwt_unref (subject.jwt);
  wf_jwks_unref (subject.jwks);

  return !is_missed;
}

int
main (int   argc,
      char *argv[])
{
  gboolean is_good = TRUE;

  setlocale (LC_ALL, "");
  g_print ("Tokens verified per second (aim: 0.9 of the bare GnuTLS call for RS256, ES256 and EdDSA)\n\n");
  g_print ("%-8s %12s %12s %8s %16s %8s\n", "", "bare GnuTLS", "verify", "ratio", "parse + verify", "ratio");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    is_good &= run_case (&cases[i]);

  return is_good ? 0 : 1;
}
