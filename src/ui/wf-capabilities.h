/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-provider-metadata.h"

G_BEGIN_DECLS

/* What a provider says that it can do, in words; no GTK in here. */

typedef enum
{
  WF_CAPABILITY_YES,
  WF_CAPABILITY_NO,
  WF_CAPABILITY_UNKNOWN, /* it does not say */
} WfCapabilityAnswer;

typedef struct
{
  WfCapabilityAnswer answer;
  const char        *title;   /* (transfer none): translated */
  char              *details; /* translated */
} WfCapability;
void wf_capability_free (WfCapability *capability);

/* Returns: (element-type WfCapability) (transfer full) */
GPtrArray *wf_capabilities_list (const WfProviderMetadata *metadata);

G_END_DECLS
