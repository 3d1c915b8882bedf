/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wf-account.h"

G_BEGIN_DECLS

/**
 * WfPresetField:
 *
 * What a person fills in, so that the addresses of their provider are known.
 */
typedef struct
{
  char    *name;     /* "domain", as it stands in braces in the addresses */
  char    *title;    /* "Domain", translated */
  char    *example;  /* "tenant.eu.auth0.com" */
  char    *standard; /* nullable: what is taken where nothing is filled in */
  gboolean is_server; /* a host or an address, with https:// before it where no scheme is; else a segment of a path */
  gboolean is_uuid;   /* such a segment, of which the provider knows no other writing */
} WfPresetField;

#define WF_TYPE_PRESET (wf_preset_get_type ())

/**
 * WfPreset:
 *
 * What is known of a kind of provider, read from data/presets/ID.conf. Immutable, reference-counted.
 *
 * Such a file is a key file. "[Preset]" has the sentences. Each "[Field NAME]" is one WfPresetField, with the keys Title,
 * Example, Default and Kind ("server", "uuid" or nothing). "[Account]" and "[Endpoints]" are those of an account's file.
 */
typedef struct
{
  char           *id;          /* "auth0" */
  char           *name;        /* "Auth0", translated where it is a word */
  char           *client_hint; /* translated: where the client ID is found, and what to allow there */
  char           *note;        /* translated, nullable: what is special */
  GPtrArray      *fields;      /* (element-type WfPresetField) */
  WfAccount      *account;     /* its issuer and endpoints may have "{name}" in them; without name and client ID */
  gatomicrefcount ref_count;
} WfPreset;

GType wf_preset_get_type (void);
WfPreset *wf_preset_ref (WfPreset *preset);
void wf_preset_unref (WfPreset *preset);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WfPreset, wf_preset_unref)

/* @id: from the file's name. Returns: (transfer full): NULL with WF_ERROR_INVALID_ACCOUNT */
WfPreset *wf_preset_parse (const char *id,
                           const char *data,
                           gsize       length,
                           GError    **error);

/* Judges what is typed into a field, as it is typed. @value: NULL or "" takes the field's own
 * Returns: FALSE with WF_ERROR_USAGE or WF_ERROR_INSECURE_ENDPOINT, and a sentence to be shown at the field */
gboolean wf_preset_field_check (const WfPresetField *field,
                                const char          *value,
                                GError             **error);

/* Finds what was typed, from the issuer that was made of it.
 * Returns: (transfer full) (nullable): a value for each of the fields in their order; NULL where the issuer is not one
 * that the preset makes */
char **wf_preset_read_values (const WfPreset *preset,
                              const char     *issuer);

/**
 * wf_preset_fill:
 * @values: for each of the fields in their order; NULL or "" takes the field's own
 * @account: what the preset knows is written into it
 *
 * The name, the client ID, the network settings and the refresh policy of @account stay as they are.
 *
 * Returns: %FALSE with WF_ERROR_USAGE where a value is missing; then @account is unchanged
 */
gboolean wf_preset_fill (const WfPreset    *preset,
                         const char *const *values,
                         WfAccount         *account,
                         GError           **error);

G_END_DECLS
