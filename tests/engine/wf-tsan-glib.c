/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gio/gio.h>

/*
 * Linked into the tests of what has threads where they are built with ThreadSanitizer (-Db_sanitize=thread). The GLib of a
 * distribution is not instrumented, and its locks are futexes of its own, so that ThreadSanitizer sees none of what orders
 * our threads. These take the place of the calls that ours make, and tell it: what was done before a push, an unlock or
 * an attach is done before the pop, the lock or the callback that follows. They tell no more than what GLib promises; that
 * an object is released here and acquired by whoever takes it next is a little more than a queue does for one item.
 */

void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* The linker puts these in the place of the calls that our own objects make (--wrap), and of no library's. */
#define REAL(name) __real_##name
#define WRAP(name) __wrap_##name
#define DECLARE(name) extern __typeof__ (name) __real_##name, __wrap_##name

DECLARE (g_mutex_lock);
DECLARE (g_mutex_unlock);
DECLARE (g_cond_wait);
DECLARE (g_async_queue_push);
DECLARE (g_async_queue_pop);
DECLARE (g_async_queue_try_pop);
DECLARE (g_async_queue_timeout_pop);
DECLARE (g_atomic_ref_count_dec);
DECLARE (g_source_set_callback);
DECLARE (g_task_run_in_thread);
DECLARE (g_task_return_pointer);
DECLARE (g_task_propagate_pointer);

/* --- locks --- */

void
WRAP (g_mutex_lock) (GMutex *mutex)
{
  REAL (g_mutex_lock) (mutex);
  __tsan_acquire (mutex);
}

void
WRAP (g_mutex_unlock) (GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_mutex_unlock) (mutex);
}

void
WRAP (g_cond_wait) (GCond  *cond,
                    GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_cond_wait) (cond, mutex);
  __tsan_acquire (mutex);
}

/* --- queues --- */

void
WRAP (g_async_queue_push) (GAsyncQueue *queue,
                           gpointer     data)
{
  __tsan_release (queue);
  REAL (g_async_queue_push) (queue, data);
}

gpointer
WRAP (g_async_queue_pop) (GAsyncQueue *queue)
{
  gpointer data = REAL (g_async_queue_pop) (queue);

  __tsan_acquire (queue);
  return data;
}

gpointer
WRAP (g_async_queue_try_pop) (GAsyncQueue *queue)
{
  gpointer data = REAL (g_async_queue_try_pop) (queue);

  __tsan_acquire (queue);
  return data;
}

gpointer
WRAP (g_async_queue_timeout_pop) (GAsyncQueue *queue,
                                  guint64      timeout)
{
  gpointer data = REAL (g_async_queue_timeout_pop) (queue, timeout);

  __tsan_acquire (queue);
  return data;
}

/* --- reference counts: who takes the last one away sees what the others did --- */

gboolean
WRAP (g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  gboolean is_last;

  __tsan_release (count);
  is_last = REAL (g_atomic_ref_count_dec) (count);
  if (is_last)
    __tsan_acquire (count);
  return is_last;
}

/* --- callbacks in another thread's main context --- */

typedef struct
{
  GSourceFunc    func;
  gpointer       data;
  GDestroyNotify notify;
} Callback;

static gboolean
call_back (gpointer user_data)
{
  Callback *callback = user_data;

  __tsan_acquire (callback);
  return callback->func (callback->data);
}

static void
callback_free (gpointer user_data)
{
  Callback *callback = user_data;

  __tsan_acquire (callback);
  if (callback->notify)
    callback->notify (callback->data);
  g_free (callback);
}

/* Sources of other kinds call their function in a way of their own; none of ours goes from one thread to another. */
void
WRAP (g_source_set_callback) (GSource       *source,
                              GSourceFunc    func,
                              gpointer       data,
                              GDestroyNotify notify)
{
  Callback *callback;

  if (source->source_funcs != &g_idle_funcs && source->source_funcs != &g_timeout_funcs)
    {
      REAL (g_source_set_callback) (source, func, data, notify);
      return;
    }
  callback = g_new0 (Callback, 1);
  *callback = (Callback) { func, data, notify };
  __tsan_release (callback);
  REAL (g_source_set_callback) (source, call_back, callback, callback_free);
}

/* --- tasks in a thread of the pool --- */

static GHashTable *works; /* GTask -> GTaskThreadFunc */
static GMutex works_lock;

static void
do_work (GTask        *task,
         gpointer      source,
         gpointer      data,
         GCancellable *cancellable)
{
  GTaskThreadFunc func;

  g_mutex_lock (&works_lock);
  func = (GTaskThreadFunc) g_hash_table_lookup (works, task);
  g_mutex_unlock (&works_lock);
  __tsan_acquire (task);
  func (task, source, data, cancellable);
}

void
WRAP (g_task_run_in_thread) (GTask          *task,
                             GTaskThreadFunc func)
{
  g_mutex_lock (&works_lock);
  if (!works)
    works = g_hash_table_new (NULL, NULL);
  g_hash_table_replace (works, task, (gpointer) func);
  g_mutex_unlock (&works_lock);
  __tsan_release (task);
  REAL (g_task_run_in_thread) (task, do_work);
}

void
WRAP (g_task_return_pointer) (GTask         *task,
                              gpointer       result,
                              GDestroyNotify destroy)
{
  __tsan_release (task);
  REAL (g_task_return_pointer) (task, result, destroy);
}

gpointer
WRAP (g_task_propagate_pointer) (GTask   *task,
                                 GError **error)
{
  __tsan_acquire (task);
  return REAL (g_task_propagate_pointer) (task, error);
}
