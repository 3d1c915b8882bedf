/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-target.h"

#include "wf-json.h"

/* What the gate lets through json-glib understands, and it comes back the same. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  const char *text = (const char *) data;
  gboolean is_accepted = wf_json_check (text, size, WF_JSON_MAX_BYTES, NULL);
  g_autoptr (JsonNode) root = wf_json_parse (text, size, WF_JSON_MAX_BYTES, NULL);
  g_autoptr (JsonNode) again = NULL;
  g_autofree char *written = NULL;

  g_assert_true (is_accepted == (root != NULL));
  if (!root)
    return 0;

  written = wf_json_to_string (root, size % 2 == 1);
  again = wf_json_parse (written, strlen (written), WF_JSON_MAX_BYTES, NULL);
  /* Text made anew may be longer than the bound. */
  g_assert_true (again != NULL || strlen (written) > WF_JSON_MAX_BYTES);

  return 0;
}
