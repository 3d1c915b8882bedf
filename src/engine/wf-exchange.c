/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-exchange.h"

/* Non-pageable memory is scarce: longer values are masked for good, and so is what is beyond the number. */
#define SECRET_MAX_BYTES (32 * 1024)
#define MAX_SECRETS 32

G_DEFINE_BOXED_TYPE (WfExchange, wf_exchange, wf_exchange_ref, wf_exchange_unref)

static void
secret_free (gpointer data)
{
  WfExchangeSecret *secret = data;

  g_free (secret->name);
  g_free (secret->masked);
  secret_value_unref (secret->value);
  g_free (secret);
}

WfExchange *
wf_exchange_new (void)
{
  WfExchange *exchange = g_new0 (WfExchange, 1);

  exchange->duration_us = -1;
  exchange->dns_us = -1;
  exchange->connect_us = -1;
  exchange->tls_us = -1;
  exchange->wait_us = -1;
  exchange->receive_us = -1;
  exchange->secrets = g_ptr_array_new_with_free_func (secret_free);
  g_atomic_ref_count_init (&exchange->ref_count);
  return exchange;
}

WfExchange *
wf_exchange_ref (WfExchange *exchange)
{
  g_return_val_if_fail (exchange != NULL, NULL);

  g_atomic_ref_count_inc (&exchange->ref_count);
  return exchange;
}

void
wf_exchange_unref (WfExchange *exchange)
{
  if (!exchange || !g_atomic_ref_count_dec (&exchange->ref_count))
    return;

  g_free (exchange->what);
  g_free (exchange->method);
  g_free (exchange->uri);
  g_free (exchange->request_headers);
  g_free (exchange->request_body);
  g_free (exchange->reason);
  g_free (exchange->response_headers);
  g_free (exchange->response_body);
  g_free (exchange->error);
  g_ptr_array_unref (exchange->secrets);
  wf_tls_peer_unref (exchange->tls);
  g_free (exchange);
}

void
wf_exchange_keep_secret (WfExchange    *exchange,
                         WfExchangePart part,
                         const char    *name,
                         const char    *masked,
                         SecretValue   *value)
{
  WfExchangeSecret *secret;
  gsize length;

  g_return_if_fail (exchange != NULL && name != NULL && masked != NULL && value != NULL);

  secret_value_get (value, &length);
  if (length > SECRET_MAX_BYTES || exchange->secrets->len >= MAX_SECRETS)
    return;
  secret = g_new0 (WfExchangeSecret, 1);
  secret->part = part;
  secret->name = g_strdup (name);
  secret->masked = g_strdup (masked);
  secret->value = secret_value_ref (value);
  g_ptr_array_add (exchange->secrets, secret);
}

void
wf_exchange_forget_secrets (WfExchange *exchange)
{
  g_return_if_fail (exchange != NULL);

  g_ptr_array_set_size (exchange->secrets, 0);
}

const WfExchangeSecret *
wf_exchange_find_secret (const WfExchange *exchange,
                         WfExchangePart    part,
                         const char       *name,
                         const char       *masked,
                         guint             number)
{
  g_return_val_if_fail (exchange != NULL, NULL);

  for (guint i = 0; i < exchange->secrets->len; i++)
    {
      const WfExchangeSecret *secret = g_ptr_array_index (exchange->secrets, i);

      if (secret->part == part && g_ascii_strcasecmp (secret->name, name) == 0 &&
          g_str_equal (secret->masked, masked) && number-- == 0)
        return secret;
    }
  return NULL;
}
