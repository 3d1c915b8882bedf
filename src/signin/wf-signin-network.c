/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-signin-network.h"

static void
keep_cookies (WebKitNetworkSession *session,
              const char           *data_dir)
{
  g_autofree char *path = g_build_filename (data_dir, "cookies.sqlite", NULL);

  webkit_cookie_manager_set_persistent_storage (webkit_network_session_get_cookie_manager (session), path,
                                                WEBKIT_COOKIE_PERSISTENT_STORAGE_SQLITE);
}

static void
set_proxy (WebKitNetworkSession *session,
           const char           *proxy)
{
  WebKitNetworkProxySettings *settings = webkit_network_proxy_settings_new (proxy, NULL);

  webkit_network_session_set_proxy_settings (session, WEBKIT_NETWORK_PROXY_MODE_CUSTOM, settings);
  webkit_network_proxy_settings_free (settings);
}

static gboolean
on_decide_destination (WebKitDownload *download,
                       const char     *suggested,
                       gpointer        user_data)
{
  webkit_download_cancel (download);
  return TRUE;
}

/* Nothing is saved. A download that is cancelled before its answer is there can take WebKit 2.52's network process down. */
static void
on_download_started (WebKitNetworkSession *session,
                     WebKitDownload       *download,
                     gpointer              user_data)
{
  g_signal_connect (download, "decide-destination", G_CALLBACK (on_decide_destination), NULL);
}

WebKitNetworkSession *
wf_signin_network_new_session (GVariant *settings)
{
  WebKitNetworkSession *session;
  g_autofree char *cache_dir = NULL;
  const char *data_dir = NULL;
  const char *proxy = NULL;

  g_variant_lookup (settings, "data-dir", "&s", &data_dir);
  g_variant_lookup (settings, "proxy", "&s", &proxy);
  if (data_dir)
    {
      cache_dir = g_build_filename (data_dir, "cache", NULL);
      g_mkdir_with_parents (data_dir, 0700);
      session = webkit_network_session_new (data_dir, cache_dir);
      keep_cookies (session, data_dir);
    }
  else
    {
      session = webkit_network_session_new_ephemeral ();
    }
  webkit_network_session_set_tls_errors_policy (session, WEBKIT_TLS_ERRORS_POLICY_FAIL);
  webkit_network_session_set_persistent_credential_storage_enabled (session, FALSE);
  if (proxy)
    set_proxy (session, proxy);
  g_signal_connect (session, "download-started", G_CALLBACK (on_download_started), NULL);
  return session;
}

WebKitWebContext *
wf_signin_network_new_context (GVariant *settings)
{
  WebKitWebContext *context = webkit_web_context_new ();
  g_autofree const char **languages = NULL;

  webkit_web_context_set_cache_model (context, WEBKIT_CACHE_MODEL_DOCUMENT_VIEWER);
  webkit_web_context_set_spell_checking_enabled (context, FALSE);
  if (g_variant_lookup (settings, "languages", "^a&s", &languages) && languages[0])
    webkit_web_context_set_preferred_languages (context, languages);
  return context;
}

WebKitSettings *
wf_signin_network_new_settings (void)
{
  return webkit_settings_new_with_settings ("enable-javascript", TRUE,
                                            "javascript-can-open-windows-automatically", FALSE,
                                            "javascript-can-access-clipboard", FALSE,
                                            "allow-file-access-from-file-urls", FALSE,
                                            "allow-universal-access-from-file-urls", FALSE,
                                            "enable-developer-extras", FALSE,
                                            "enable-encrypted-media", FALSE,
                                            "enable-fullscreen", FALSE,
                                            "enable-media", FALSE,
                                            "enable-media-stream", FALSE,
                                            "enable-mediasource", FALSE,
                                            "enable-page-cache", FALSE,
                                            "enable-webaudio", FALSE,
                                            "enable-webgl", FALSE,
                                            "enable-webrtc", FALSE,
                                            "enable-back-forward-navigation-gestures", FALSE,
                                            /* A form needs no GPU, and drivers fail in odd ways. */
                                            "hardware-acceleration-policy", WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER,
                                            NULL);
}
