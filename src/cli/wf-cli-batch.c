/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-cli-batch.h"

#include <glib/gi18n-lib.h>
#include "wf-error.h"

typedef struct
{
  WfCli       *cli;
  GPtrArray   *jobs;
  guint        next;
  guint        n_active;
  gboolean     refresh;
  WfCliJobFunc done;
  GError      *stop; /* nullable: nothing more is begun */
} Batch;

typedef struct
{
  Batch    *batch;
  WfCliJob *job;
} Step;

static void
job_free (gpointer data)
{
  WfCliJob *job = data;

  g_clear_object (&job->session);
  g_clear_error (&job->error);
  g_free (job);
}

static gboolean
is_keyring_gone (const GError *error)
{
  return g_error_matches (error, WF_ERROR, WF_ERROR_KEYRING_LOCKED) ||
         g_error_matches (error, WF_ERROR, WF_ERROR_KEYRING_UNAVAILABLE);
}

static Step *
step_new (Batch    *batch,
          WfCliJob *job)
{
  Step *step = g_new0 (Step, 1);

  step->batch = batch;
  step->job = job;
  return step;
}

static void
end_job (Step *step)
{
  Batch *batch = step->batch;
  WfCliJob *job = step->job;

  batch->n_active--;
  if (!batch->stop && job->error && is_keyring_gone (job->error))
    batch->stop = g_error_copy (job->error);
  if (batch->done)
    batch->done (job);
  g_free (step);
}

static void
on_refreshed (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  Step *step = user_data;

  step->job->refreshed = wf_session_refresh_finish (WF_SESSION (source), result, &step->job->error);
  end_job (step);
}

static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Step *step = user_data;
  WfSession *session = WF_SESSION (source);

  if (!wf_session_load_finish (session, result, &step->job->error) || !step->batch->refresh ||
      !wf_session_get_tokens (session)->refresh_token)
    end_job (step);
  else
    wf_session_refresh_async (session, WF_CAUSE_BY_HAND, NULL, step->batch->cli->cancellable, on_refreshed, step);
}

static void
begin_job (Batch *batch)
{
  WfCliJob *job = batch->jobs->pdata[batch->next++];
  Step *step = step_new (batch, job);

  batch->n_active++;
  if (!batch->stop && g_cancellable_is_cancelled (batch->cli->cancellable))
    g_set_error (&batch->stop, WF_ERROR, WF_ERROR_CANCELLED, _("It was cancelled."));
  if (batch->stop)
    {
      job->error = g_error_copy (batch->stop);
      end_job (step);
      return;
    }
  wf_session_load_async (job->session, batch->cli->cancellable, on_loaded, step);
}

GPtrArray *
wf_cli_run_batch (WfCli       *cli,
                  guint        jobs,
                  gboolean     refresh,
                  WfCliJobFunc done)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (job_free);
  Batch batch = { .cli = cli, .jobs = all, .refresh = refresh, .done = done };
  guint n = g_list_model_get_n_items (G_LIST_MODEL (cli->engine));

  for (guint i = 0; i < n; i++)
    {
      WfCliJob *job = g_new0 (WfCliJob, 1);

      job->session = g_list_model_get_item (G_LIST_MODEL (cli->engine), i);
      g_ptr_array_add (all, job);
    }
  while (batch.next < n || batch.n_active > 0)
    {
      while (batch.next < n && batch.n_active < jobs)
        begin_job (&batch);
      if (batch.n_active > 0)
        g_main_context_iteration (NULL, TRUE);
    }
  g_clear_error (&batch.stop);
  return g_steal_pointer (&all);
}
