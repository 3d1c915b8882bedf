/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history.h"

#include <string.h>
#include "wf-history-database.h"

/* What is kept for another try while the disk is full. */
#define MAX_PENDING 1000
#define MAX_BATCH 256
/* An event is stored at once; what comes so soon after another waits for its companions, for each transaction costs
 * as much as many rows. */
#define GATHER_US (100 * 1000)
#define FINGERPRINT_CHARS 16

enum
{
  SIGNAL_RECORDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef enum
{
  JOB_RECORD,
  JOB_QUERY,
  JOB_MEASURE,
  JOB_FORGET,
  JOB_BOUNDS,
  JOB_MEET, /* tells who waits that everything before it is done, and the fingerprints' key */
  JOB_QUIT,
} JobKind;

typedef struct
{
  GMutex   lock;
  GCond    arrived;
  gboolean done;
  guint8   salt[WF_HISTORY_SALT_BYTES];
} Meeting;

/* What the maker's main context and the writer's thread share. */
typedef struct
{
  WfHistory      *history; /* not owned; NULL after its end; only the maker's thread looks at it */
  GAsyncQueue    *queue;   /* (element-type Job) */
  GMainContext   *context; /* of the maker; nullable */
  char           *path;
  gatomicrefcount ref_count;
} Desk;

/*
 * A piece of work goes to the writer's thread and, where somebody waits for an answer, comes
 * back in the maker's main context, where it is freed. So the last reference to the history can
 * never go in the writer's thread, which the history waits for at its end.
 */
typedef struct
{
  JobKind    kind;
  Desk      *desk;
  WfEvent   *event;   /* JOB_RECORD, */
  SecretValue *token; /* nullable: and of what it gets the fingerprint */
  char      *account; /* nullable */
  WfHistoryBounds bounds; /* JOB_BOUNDS */
  /* JOB_QUERY and JOB_MEASURE, and their answers: */
  WfHistoryRange  range; /* its account is @account */
  GTask          *task;
  GPtrArray      *events;
  WfHistoryExtent extent;
  GError         *error;
  Meeting   *meeting; /* on the stack of who waits */
} Job;

struct _WfHistory
{
  GObject  parent_instance;
  Desk    *desk;
  GThread *thread; /* NULL before the first use */
  WfHistoryBounds bounds; /* max_events 0: as the file says */
  gboolean has_salt;
  guint8   salt[WF_HISTORY_SALT_BYTES];
};

G_DEFINE_FINAL_TYPE (WfHistory, wf_history, G_TYPE_OBJECT)

static Desk *
desk_ref (Desk *desk)
{
  g_atomic_ref_count_inc (&desk->ref_count);
  return desk;
}

static void
desk_unref (Desk *desk)
{
  if (!g_atomic_ref_count_dec (&desk->ref_count))
    return;

  g_async_queue_unref (desk->queue);
  g_clear_pointer (&desk->context, g_main_context_unref);
  g_free (desk->path);
  g_free (desk);
}

static Job *
job_new (WfHistory  *self,
         JobKind     kind,
         const char *account)
{
  Job *job = g_new0 (Job, 1);

  job->kind = kind;
  job->desk = desk_ref (self->desk);
  job->account = g_strdup (account);
  return job;
}

static void
job_free (Job *job)
{
  g_clear_pointer (&job->event, wf_event_free);
  g_clear_pointer (&job->token, secret_value_unref);
  g_clear_pointer (&job->account, g_free);
  g_clear_object (&job->task);
  g_clear_pointer (&job->events, g_ptr_array_unref);
  g_clear_error (&job->error);
  g_clear_pointer (&job->desk, desk_unref);
  g_free (job);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

static gboolean
on_job_done (gpointer user_data)
{
  Job *job = user_data;

  if (job->task && job->error)
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  else if (job->kind == JOB_QUERY)
    g_task_return_pointer (job->task, g_steal_pointer (&job->events), (GDestroyNotify) g_ptr_array_unref);
  else if (job->kind == JOB_MEASURE)
    g_task_return_pointer (job->task, g_memdup2 (&job->extent, sizeof job->extent), g_free);
  else if (job->desk->history)
    {
      g_autoptr (WfHistory) history = g_object_ref (job->desk->history);

      g_signal_emit (history, signals[SIGNAL_RECORDED], 0, job->event);
    }
  return G_SOURCE_REMOVE;
}

static void
send_back (Job *job)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  g_autoptr (GMainContext) context = job->desk->context ? g_main_context_ref (job->desk->context) : NULL;

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_job_done, job, (GDestroyNotify) job_free);
  g_source_attach (source, context);
}

/* Stores what was recorded in one transaction; what cannot be stored stays for the next time. */
static void
store_pending (WfHistoryDatabase *database,
               GPtrArray         *pending)
{
  g_autoptr (GPtrArray) events = g_ptr_array_sized_new (pending->len);

  if (pending->len == 0)
    return;
  for (guint i = 0; i < pending->len; i++)
    g_ptr_array_add (events, ((Job *) g_ptr_array_index (pending, i))->event);

  if (wf_history_database_insert (database, events))
    {
      for (guint i = 0; i < pending->len; i++)
        send_back (g_ptr_array_index (pending, i));
      g_ptr_array_set_size (pending, 0);
    }
  while (pending->len > MAX_PENDING)
    job_free (g_ptr_array_steal_index (pending, 0));
}

static void
answer_query (WfHistoryDatabase *database,
              Job               *job)
{
  gboolean is_cancelled = g_cancellable_is_cancelled (g_task_get_cancellable (job->task));

  if (!is_cancelled && job->kind == JOB_QUERY)
    job->events = wf_history_database_read (database, &job->range, &job->error);
  else if (!is_cancelled)
    wf_history_database_measure (database, job->account, job->range.kinds, job->range.newest, &job->extent, &job->error);
  send_back (job);
}

static void
answer_meeting (WfHistoryDatabase *database,
                Meeting           *meeting)
{
  g_mutex_lock (&meeting->lock);
  wf_history_database_get_salt (database, meeting->salt);
  meeting->done = TRUE;
  g_cond_signal (&meeting->arrived);
  g_mutex_unlock (&meeting->lock);
}

static char *
compute_fingerprint (const guint8 *salt,
                     SecretValue  *token)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, salt, WF_HISTORY_SALT_BYTES);
  gsize length = 0;
  const char *text = secret_value_get (token, &length);

  g_hmac_update (hmac, (const guchar *) text, (gssize) length);
  return g_strndup (g_hmac_get_string (hmac), FINGERPRINT_CHARS);
}

/* In the writer's thread, which alone knows the key without waiting. */
static void
fill_fingerprint (WfHistoryDatabase *database,
                  Job               *job)
{
  guint8 salt[WF_HISTORY_SALT_BYTES];

  if (!job->token)
    return;
  wf_history_database_get_salt (database, salt);
  g_free (job->event->fingerprint);
  job->event->fingerprint = compute_fingerprint (salt, job->token);
  g_clear_pointer (&job->token, secret_value_unref);
}

/* Returns: whether to go on; takes @work. */
static gboolean
do_job (WfHistoryDatabase *database,
        GPtrArray         *pending,
        Job               *work)
{
  g_autoptr (Job) job = work;

  if (job->kind == JOB_RECORD)
    {
      fill_fingerprint (database, job);
      g_ptr_array_add (pending, g_steal_pointer (&job));
      return TRUE;
    }

  store_pending (database, pending);
  if (job->task)
    answer_query (database, g_steal_pointer (&job));
  else if (job->kind == JOB_FORGET)
    wf_history_database_forget (database, job->account);
  else if (job->kind == JOB_BOUNDS)
    wf_history_database_set_bounds (database, &job->bounds);
  else if (job->kind == JOB_MEET)
    answer_meeting (database, job->meeting);
  return !job || job->kind != JOB_QUIT;
}

/* Returns: (nullable): the next job for the same transaction */
static Job *
pop_companion (GAsyncQueue *queue,
               gint64       stored_at)
{
  gint64 rest = stored_at + GATHER_US - g_get_monotonic_time ();

  return rest > 0 ? g_async_queue_timeout_pop (queue, (guint64) rest) : g_async_queue_try_pop (queue);
}

static gpointer
write_history (gpointer user_data)
{
  Desk *desk = user_data;
  g_autoptr (WfHistoryDatabase) database = wf_history_database_new (desk->path);
  g_autoptr (GPtrArray) pending = g_ptr_array_new ();
  gint64 stored_at = G_MININT64 / 2;
  gboolean going_on = TRUE;

  while (going_on)
    {
      Job *job = g_async_queue_pop (desk->queue);

      going_on = do_job (database, pending, job);
      while (going_on && pending->len > 0 && pending->len < MAX_BATCH &&
             (job = pop_companion (desk->queue, stored_at)))
        going_on = do_job (database, pending, job);
      store_pending (database, pending);
      stored_at = g_get_monotonic_time ();
    }

  g_ptr_array_set_free_func (pending, (GDestroyNotify) job_free);
  desk_unref (desk);
  return NULL;
}

static void push (WfHistory *self,
                  Job       *job);

static void
push_bounds (WfHistory *self)
{
  Job *job = job_new (self, JOB_BOUNDS, NULL);

  job->bounds = self->bounds;
  push (self, job);
}

static void
push (WfHistory *self,
      Job       *job)
{
  if (!self->thread)
    {
      self->thread = g_thread_new ("wf-history", write_history, desk_ref (self->desk));
      if (self->bounds.max_events > 0)
        push_bounds (self);
    }
  g_async_queue_push (self->desk->queue, job);
}

/* Waits for the writer's thread: milliseconds, on the local disk. */
static void
meet_writer (WfHistory *self)
{
  Meeting meeting = { .done = FALSE };
  Job *job = job_new (self, JOB_MEET, NULL);

  g_mutex_init (&meeting.lock);
  g_cond_init (&meeting.arrived);
  job->meeting = &meeting;
  push (self, job);

  g_mutex_lock (&meeting.lock);
  while (!meeting.done)
    g_cond_wait (&meeting.arrived, &meeting.lock);
  g_mutex_unlock (&meeting.lock);

  memcpy (self->salt, meeting.salt, sizeof self->salt);
  self->has_salt = TRUE;
  g_cond_clear (&meeting.arrived);
  g_mutex_clear (&meeting.lock);
}

static void
wf_history_dispose (GObject *object)
{
  WfHistory *self = WF_HISTORY (object);

  if (self->thread)
    {
      push (self, job_new (self, JOB_QUIT, NULL));
      g_thread_join (g_steal_pointer (&self->thread));
    }
  if (self->desk)
    self->desk->history = NULL;
  g_clear_pointer (&self->desk, desk_unref);

  G_OBJECT_CLASS (wf_history_parent_class)->dispose (object);
}

static void
wf_history_class_init (WfHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = wf_history_dispose;

  signals[SIGNAL_RECORDED] =
    g_signal_new ("recorded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, WF_TYPE_EVENT | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
wf_history_init (WfHistory *self)
{
  self->desk = g_new0 (Desk, 1);
  g_atomic_ref_count_init (&self->desk->ref_count);
  self->desk->history = self;
  self->desk->queue = g_async_queue_new_full ((GDestroyNotify) job_free);
  self->desk->context = g_main_context_ref_thread_default ();
}

WfHistory *
wf_history_new (const char *path)
{
  WfHistory *self = g_object_new (WF_TYPE_HISTORY, NULL);

  self->desk->path = g_strdup (path);
  return self;
}

void
wf_history_record (WfHistory     *self,
                   const WfEvent *event)
{
  wf_history_record_with_token (self, event, NULL);
}

void
wf_history_record_with_token (WfHistory     *self,
                              const WfEvent *event,
                              SecretValue   *token)
{
  Job *job;

  g_return_if_fail (WF_IS_HISTORY (self));
  g_return_if_fail (event != NULL);

  job = job_new (self, JOB_RECORD, NULL);
  job->event = wf_event_copy (event);
  job->token = token ? secret_value_ref (token) : NULL;
  push (self, job);
}

char *
wf_history_make_fingerprint (WfHistory   *self,
                             SecretValue *token)
{
  g_return_val_if_fail (WF_IS_HISTORY (self), NULL);

  if (!token)
    return NULL;
  if (!self->has_salt)
    meet_writer (self);
  return compute_fingerprint (self->salt, token);
}

static void
ask (WfHistory            *self,
     JobKind               kind,
     const WfHistoryRange *range,
     GTask                *task)
{
  Job *job = job_new (self, kind, range->account);

  job->range = *range;
  job->range.account = job->account;
  job->task = task;
  push (self, job);
}

void
wf_history_query_async (WfHistory          *self,
                        const char         *account,
                        guint               limit,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  const WfHistoryRange range = { .account = account, .newest = G_MAXINT64, .limit = limit };

  wf_history_read_async (self, &range, cancellable, callback, user_data);
}

void
wf_history_read_async (WfHistory            *self,
                       const WfHistoryRange *range,
                       GCancellable         *cancellable,
                       GAsyncReadyCallback   callback,
                       gpointer              user_data)
{
  GTask *task;

  g_return_if_fail (WF_IS_HISTORY (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, wf_history_read_async);
  ask (self, JOB_QUERY, range, task);
}

GPtrArray *
wf_history_query_finish (WfHistory    *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
wf_history_measure_async (WfHistory          *self,
                          const char         *account,
                          WfHistoryKinds      kinds,
                          gint64              later_than,
                          GCancellable       *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  const WfHistoryRange range = { .account = account, .kinds = kinds, .newest = later_than };
  GTask *task;

  g_return_if_fail (WF_IS_HISTORY (self));
  g_return_if_fail (account != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, wf_history_measure_async);
  ask (self, JOB_MEASURE, &range, task);
}

gboolean
wf_history_measure_finish (WfHistory       *self,
                           GAsyncResult    *result,
                           WfHistoryExtent *extent,
                           GError         **error)
{
  g_autofree WfHistoryExtent *measured = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  measured = g_task_propagate_pointer (G_TASK (result), error);
  if (measured)
    *extent = *measured;
  return measured != NULL;
}

void
wf_history_forget (WfHistory  *self,
                   const char *account)
{
  g_return_if_fail (WF_IS_HISTORY (self));
  g_return_if_fail (account != NULL);

  push (self, job_new (self, JOB_FORGET, account));
}

void
wf_history_set_bounds (WfHistory             *self,
                       const WfHistoryBounds *bounds)
{
  g_return_if_fail (WF_IS_HISTORY (self));
  g_return_if_fail (bounds != NULL && bounds->max_events > 0);

  self->bounds = *bounds;
  /* The file is not opened for this alone. */
  if (self->thread)
    push_bounds (self);
}

void
wf_history_flush (WfHistory *self)
{
  g_return_if_fail (WF_IS_HISTORY (self));

  if (self->thread)
    meet_writer (self);
}
