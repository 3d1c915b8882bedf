/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wf-history-database.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>
#include "wf-error.h"
#include "wf-random.h"
#include "wf-time.h"

/* Another process may be writing; only the writer's thread waits. */
#define BUSY_MS 5000
#define RETRY_US 5000

struct _WfHistoryDatabase
{
  char           *path; /* nullable */
  sqlite3        *db;   /* NULL before the first use */
  guint8          salt[WF_HISTORY_SALT_BYTES];
  WfHistoryBounds bounds;
};

typedef sqlite3_stmt Statement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Statement, sqlite3_finalize)

/* Migration N brings a database from version N to N + 1; a published one is never edited. */
static const char *const migrations[] = {
  "CREATE TABLE events ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  account TEXT NOT NULL,"
  "  time INTEGER NOT NULL,"
  "  kind INTEGER NOT NULL,"
  "  cause TEXT,"
  "  result TEXT NOT NULL,"
  "  duration INTEGER,"
  "  generation INTEGER NOT NULL,"
  "  expires_at INTEGER,"
  "  fingerprint TEXT"
  ");"
  "CREATE INDEX events_by_account ON events (account, id);"
  "CREATE TABLE keys (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;",
  /* How much is kept, and for how long, is for all programs that use the file. */
  "CREATE TABLE IF NOT EXISTS bounds (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE INDEX IF NOT EXISTS events_by_time ON events (time);",
  /* To count a hundred thousand events takes longer than to show the first of them. The file itself keeps the number, whoever writes. */
  "CREATE TABLE counts (account TEXT PRIMARY KEY, events INTEGER NOT NULL) WITHOUT ROWID;"
  "INSERT INTO counts SELECT account, count(*) FROM events GROUP BY account;"
  "CREATE TRIGGER event_written AFTER INSERT ON events BEGIN"
  "  INSERT INTO counts VALUES (new.account, 1) ON CONFLICT (account) DO UPDATE SET events = events + 1;"
  "END;"
  "CREATE TRIGGER event_dropped AFTER DELETE ON events BEGIN"
  "  UPDATE counts SET events = events - 1 WHERE account = old.account;"
  "  DELETE FROM counts WHERE account = old.account AND events = 0;"
  "END;",
};

static const char *const kind_conditions[] = {
  [WF_HISTORY_ALL] = "",
  [WF_HISTORY_SIGN_INS] = " AND kind = 0",
  [WF_HISTORY_REFRESHES] = " AND kind = 1",
  [WF_HISTORY_SIGN_OUTS] = " AND kind = 2",
  [WF_HISTORY_FAILURES] = " AND (kind = 3 OR result <> 'ok')",
};

static gboolean
execute (sqlite3    *db,
         const char *sql)
{
  return sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static Statement *
prepare (sqlite3    *db,
         const char *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    return NULL;
  return statement;
}

static void
bind_text (sqlite3_stmt *statement,
           int           index,
           const char   *text)
{
  sqlite3_bind_text (statement, index, text, -1, SQLITE_STATIC);
}

/* A NULL where nothing is known. */
static void
bind_int64 (sqlite3_stmt *statement,
            int           index,
            gint64        value,
            gint64        unknown)
{
  if (value == unknown)
    sqlite3_bind_null (statement, index);
  else
    sqlite3_bind_int64 (statement, index, value);
}

static gint64
get_int64 (sqlite3_stmt *statement,
           int           column,
           gint64        unknown)
{
  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return unknown;
  return sqlite3_column_int64 (statement, column);
}

static char *
get_text (sqlite3_stmt *statement,
          int           column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

static int
get_version (sqlite3 *db)
{
  g_autoptr (Statement) statement = prepare (db, "PRAGMA user_version");

  if (!statement || sqlite3_step (statement) != SQLITE_ROW)
    return -1;
  return sqlite3_column_int (statement, 0);
}

static gboolean
migrate_in_transaction (sqlite3 *db)
{
  /* Looked at again within the transaction: another process may have been first. */
  int version = get_version (db);

  if (version < 0)
    return FALSE;
  for (gsize i = (gsize) version; i < G_N_ELEMENTS (migrations); i++)
    {
      g_autofree char *set_version = g_strdup_printf ("PRAGMA user_version = %u", (guint) i + 1);

      if (!execute (db, migrations[i]) || !execute (db, set_version))
        return FALSE;
    }
  return TRUE;
}

static gboolean
migrate (sqlite3 *db)
{
  int version = get_version (db);

  if (version == (int) G_N_ELEMENTS (migrations))
    return TRUE;
  /* A newer Warifu wrote it: left alone. */
  if (version < 0 || version > (int) G_N_ELEMENTS (migrations))
    return FALSE;
  if (!execute (db, "BEGIN IMMEDIATE"))
    return FALSE;
  if (migrate_in_transaction (db) && execute (db, "COMMIT"))
    return TRUE;

  execute (db, "ROLLBACK");
  return FALSE;
}

static gboolean
read_salt (WfHistoryDatabase *self,
           sqlite3           *db)
{
  g_autoptr (Statement) statement = prepare (db, "SELECT value FROM keys WHERE name = 'fingerprint'");

  if (!statement || sqlite3_step (statement) != SQLITE_ROW ||
      sqlite3_column_bytes (statement, 0) != WF_HISTORY_SALT_BYTES)
    return FALSE;
  memcpy (self->salt, sqlite3_column_blob (statement, 0), WF_HISTORY_SALT_BYTES);
  return TRUE;
}

/* The key of the fingerprints: made once per database. */
static gboolean
ensure_salt (WfHistoryDatabase *self,
             sqlite3           *db)
{
  g_autoptr (Statement) statement = NULL;
  guint8 fresh[WF_HISTORY_SALT_BYTES];

  if (read_salt (self, db))
    return TRUE;

  wf_random_bytes (fresh, sizeof fresh);
  statement = prepare (db, "INSERT OR IGNORE INTO keys (name, value) VALUES ('fingerprint', ?1)");
  if (!statement)
    return FALSE;
  sqlite3_bind_blob (statement, 1, fresh, sizeof fresh, SQLITE_STATIC);
  return sqlite3_step (statement) == SQLITE_DONE && read_salt (self, db);
}

/* Returns: @fallback where the file says nothing */
static guint
read_bound (sqlite3    *db,
            const char *name,
            guint       fallback)
{
  g_autoptr (Statement) statement = prepare (db, "SELECT value FROM bounds WHERE name = ?1");

  if (!statement)
    return fallback;
  bind_text (statement, 1, name);
  if (sqlite3_step (statement) != SQLITE_ROW)
    return fallback;
  return (guint) CLAMP (sqlite3_column_int64 (statement, 0), 0, G_MAXINT);
}

static void
read_bounds (WfHistoryDatabase *self,
             sqlite3           *db)
{
  self->bounds.max_events = MAX (read_bound (db, "events", WF_HISTORY_DEFAULT_EVENTS), 1);
  self->bounds.max_days = read_bound (db, "days", WF_HISTORY_DEFAULT_DAYS);
}

static gboolean
write_bound (sqlite3    *db,
             const char *name,
             guint       value)
{
  g_autoptr (Statement) statement = prepare (db, "INSERT OR REPLACE INTO bounds (name, value) VALUES (?1, ?2)");

  if (!statement)
    return FALSE;
  bind_text (statement, 1, name);
  sqlite3_bind_int64 (statement, 2, value);
  return sqlite3_step (statement) == SQLITE_DONE;
}

/* SQLite would create the file readable by others; its journal takes the mode from it. */
static void
create_private_file (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  g_mkdir_with_parents (folder, 0700);
  fd = open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    close (fd);
}

/* Returns: an SQLite result code */
static int
open_at (WfHistoryDatabase *self,
         const char        *path,
         sqlite3          **out)
{
  sqlite3 *db = NULL;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  int code = sqlite3_open_v2 (path, &db, flags, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_busy_timeout (db, BUSY_MS);
      sqlite3_extended_result_codes (db, 1);
      if (!execute (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF") ||
          !migrate (db) ||
          !ensure_salt (self, db))
        code = sqlite3_errcode (db) == SQLITE_OK ? SQLITE_ERROR : sqlite3_errcode (db);
    }
  if (code == SQLITE_OK)
    {
      read_bounds (self, db);
      *out = db;
    }
  else
    sqlite3_close (db);
  return code;
}

/* Two that bring a file to its journal mode at once stand in each other's way, where SQLite does not wait: it says so at
 * once (sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode"). */
static int
open_patiently (WfHistoryDatabase *self,
                const char        *path,
                sqlite3          **out)
{
  gint64 deadline = g_get_monotonic_time () + BUSY_MS * G_GINT64_CONSTANT (1000);
  int code;

  while (((code = open_at (self, path, out)) & 0xff) == SQLITE_BUSY && g_get_monotonic_time () < deadline)
    g_usleep (RETRY_US);
  return code;
}

static gboolean
is_damage (int code)
{
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

static void
set_aside (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *from = g_strconcat (path, endings[i], NULL);
      g_autofree char *to = g_strconcat (path, ".damaged", endings[i], NULL);

      if (g_rename (from, to) != 0)
        g_unlink (to);
    }
}

static sqlite3 *
ensure_open (WfHistoryDatabase *self)
{
  if (self->db)
    return self->db;

  if (self->path)
    {
      int code;

      create_private_file (self->path);
      code = open_patiently (self, self->path, &self->db);
      if (is_damage (code))
        {
          set_aside (self->path);
          create_private_file (self->path);
          code = open_patiently (self, self->path, &self->db);
        }
      if (code != SQLITE_OK)
        g_debug ("history: the file cannot be used: %s", sqlite3_errstr (code));
    }
  if (!self->db)
    open_at (self, ":memory:", &self->db);
  return self->db;
}

/* After a failure: a file that turned out to be damaged makes way for a new one. */
static void
recover (WfHistoryDatabase *self)
{
  if (!self->db || !self->path || !is_damage (sqlite3_errcode (self->db)))
    return;

  sqlite3_close (g_steal_pointer (&self->db));
  set_aside (self->path);
}

static gboolean
insert_one (sqlite3      *db,
            sqlite3_stmt *statement,
            WfEvent      *event)
{
  bind_text (statement, 1, event->account);
  sqlite3_bind_int64 (statement, 2, event->time);
  sqlite3_bind_int (statement, 3, (int) event->kind);
  bind_text (statement, 4, event->cause);
  bind_text (statement, 5, event->result ? event->result : "ok");
  bind_int64 (statement, 6, event->duration_us, -1);
  sqlite3_bind_int64 (statement, 7, event->generation);
  bind_int64 (statement, 8, event->expires_at, WF_TIME_UNKNOWN);
  bind_text (statement, 9, event->fingerprint);
  if (sqlite3_step (statement) != SQLITE_DONE)
    return FALSE;

  event->id = sqlite3_last_insert_rowid (db);
  sqlite3_reset (statement);
  return TRUE;
}

/* Drops what is older than is to be kept. */
static gboolean
trim_age (WfHistoryDatabase *self,
          sqlite3           *db,
          gint64             now)
{
  g_autoptr (Statement) statement = NULL;

  if (self->bounds.max_days == 0)
    return TRUE;
  statement = prepare (db, "DELETE FROM events WHERE time < ?1");
  if (!statement)
    return FALSE;
  sqlite3_bind_int64 (statement, 1, now - (gint64) self->bounds.max_days * G_TIME_SPAN_DAY);
  return sqlite3_step (statement) == SQLITE_DONE;
}

/* Drops what is more than is to be kept. */
static gboolean
trim_accounts (WfHistoryDatabase *self,
               sqlite3           *db,
               GHashTable        *accounts)
{
  g_autoptr (Statement) statement =
    prepare (db, "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE account = ?1 ORDER BY id"
                 " LIMIT max (0, coalesce ((SELECT events FROM counts WHERE account = ?1), 0) - ?2))");
  GHashTableIter iter;
  gpointer account;

  if (!statement)
    return FALSE;
  g_hash_table_iter_init (&iter, accounts);
  while (g_hash_table_iter_next (&iter, &account, NULL))
    {
      bind_text (statement, 1, account);
      sqlite3_bind_int64 (statement, 2, self->bounds.max_events);
      if (sqlite3_step (statement) != SQLITE_DONE)
        return FALSE;
      sqlite3_reset (statement);
    }
  return TRUE;
}

static gboolean
insert_all (WfHistoryDatabase *self,
            sqlite3           *db,
            GPtrArray         *events)
{
  g_autoptr (GHashTable) accounts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (Statement) statement =
    prepare (db, "INSERT INTO events (account, time, kind, cause, result, duration, generation, expires_at, fingerprint)"
                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

  gint64 newest = G_MININT64 / 2;

  if (!statement)
    return FALSE;
  for (guint i = 0; i < events->len; i++)
    {
      WfEvent *event = g_ptr_array_index (events, i);

      newest = MAX (newest, event->time);
      if (!insert_one (db, statement, event))
        return FALSE;
      g_hash_table_add (accounts, event->account);
    }

  /* an event of a clock that is far ahead must not sweep away all the others */
  return trim_age (self, db, MIN (newest, g_get_real_time ())) && trim_accounts (self, db, accounts);
}

static WfEvent *
read_event (sqlite3_stmt *statement)
{
  g_autofree char *account = get_text (statement, 1);
  WfEvent *event = wf_event_new (account ? account : "", WF_EVENT_FAILURE);
  int kind = sqlite3_column_int (statement, 3);

  event->id = sqlite3_column_int64 (statement, 0);
  event->time = sqlite3_column_int64 (statement, 2);
  if (kind >= WF_EVENT_SIGN_IN && kind <= WF_EVENT_FAILURE)
    event->kind = (WfEventKind) kind;
  event->cause = get_text (statement, 4);
  g_free (event->result);
  event->result = get_text (statement, 5);
  event->duration_us = get_int64 (statement, 6, -1);
  event->generation = (guint) CLAMP (sqlite3_column_int64 (statement, 7), 0, G_MAXUINT);
  event->expires_at = get_int64 (statement, 8, WF_TIME_UNKNOWN);
  event->fingerprint = get_text (statement, 9);
  return event;
}

static GHashTable *
list_accounts (sqlite3 *db)
{
  GHashTable *accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (Statement) statement = prepare (db, "SELECT account FROM counts");

  while (statement && sqlite3_step (statement) == SQLITE_ROW)
    g_hash_table_add (accounts, get_text (statement, 0));
  return accounts;
}

static gboolean
apply_bounds (WfHistoryDatabase *self,
              sqlite3           *db)
{
  g_autoptr (GHashTable) accounts = list_accounts (db);

  return write_bound (db, "events", self->bounds.max_events) && write_bound (db, "days", self->bounds.max_days) &&
         trim_age (self, db, g_get_real_time ()) && trim_accounts (self, db, accounts);
}

WfHistoryDatabase *
wf_history_database_new (const char *path)
{
  WfHistoryDatabase *self = g_new0 (WfHistoryDatabase, 1);

  self->path = g_strdup (path);
  return self;
}

void
wf_history_database_free (WfHistoryDatabase *self)
{
  if (!self)
    return;

  sqlite3_close (self->db);
  explicit_bzero (self->salt, sizeof self->salt);
  g_free (self->path);
  g_free (self);
}

gboolean
wf_history_database_insert (WfHistoryDatabase *self,
                            GPtrArray         *events)
{
  sqlite3 *db = ensure_open (self);

  if (!db)
    return FALSE;
  if (execute (db, "BEGIN IMMEDIATE"))
    {
      if (insert_all (self, db, events) && execute (db, "COMMIT"))
        return TRUE;
      recover (self);
      if (self->db)
        execute (self->db, "ROLLBACK");
      return FALSE;
    }
  recover (self);
  return FALSE;
}

static void
set_unreadable (WfHistoryDatabase *self,
                GError           **error)
{
  recover (self);
  g_set_error (error, WF_ERROR, WF_ERROR_STORAGE_FAILED, "%s", _("The history cannot be read."));
}

GPtrArray *
wf_history_database_read (WfHistoryDatabase    *self,
                          const WfHistoryRange *range,
                          GError              **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) wf_event_free);
  g_autofree char *sql = g_strconcat ("SELECT id, account, time, kind, cause, result, duration, generation, expires_at, fingerprint"
                                      " FROM events WHERE id <= ?2", range->account ? " AND account = ?1" : "",
                                      kind_conditions[range->kinds], " ORDER BY id DESC LIMIT ?3 OFFSET ?4", NULL);
  g_autoptr (Statement) statement = NULL;
  sqlite3 *db = ensure_open (self);
  int code = SQLITE_ERROR;

  if (db)
    statement = prepare (db, sql);
  if (statement)
    {
      if (range->account)
        bind_text (statement, 1, range->account);
      sqlite3_bind_int64 (statement, 2, range->newest);
      sqlite3_bind_int64 (statement, 3, range->limit);
      sqlite3_bind_int64 (statement, 4, range->offset);
      while ((code = sqlite3_step (statement)) == SQLITE_ROW)
        g_ptr_array_add (events, read_event (statement));
    }
  if (code == SQLITE_DONE)
    return g_steal_pointer (&events);

  g_clear_pointer (&statement, sqlite3_finalize);
  set_unreadable (self, error);
  return NULL;
}

GPtrArray *
wf_history_database_query (WfHistoryDatabase *self,
                           const char        *account,
                           guint              limit,
                           GError           **error)
{
  const WfHistoryRange range = { .account = account, .newest = G_MAXINT64, .limit = limit };

  return wf_history_database_read (self, &range, error);
}

gboolean
wf_history_database_measure (WfHistoryDatabase *self,
                             const char        *account,
                             WfHistoryKinds     kinds,
                             gint64             later_than,
                             WfHistoryExtent   *extent,
                             GError           **error)
{
  g_autofree char *events = g_strconcat (" FROM events WHERE account = ?1", kind_conditions[kinds], NULL);
  g_autofree char *all = kinds == WF_HISTORY_ALL ? g_strdup ("coalesce ((SELECT events FROM counts WHERE account = ?1), 0)")
                                                 : g_strconcat ("(SELECT count (*)", events, ")", NULL);
  /* each a walk of its own in the index; one for all would compute something for each event */
  g_autofree char *sql = g_strdup_printf ("SELECT %s, (SELECT count (*)%s AND id > ?2), coalesce ((SELECT max (id)%s), 0)",
                                          all, events, events);
  g_autoptr (Statement) statement = NULL;
  sqlite3 *db = ensure_open (self);

  if (db)
    statement = prepare (db, sql);
  if (statement)
    {
      bind_text (statement, 1, account);
      sqlite3_bind_int64 (statement, 2, later_than);
      if (sqlite3_step (statement) == SQLITE_ROW)
        {
          extent->count = (guint) sqlite3_column_int64 (statement, 0);
          extent->n_later = (guint) sqlite3_column_int64 (statement, 1);
          extent->newest = sqlite3_column_int64 (statement, 2);
          return TRUE;
        }
    }
  g_clear_pointer (&statement, sqlite3_finalize);
  set_unreadable (self, error);
  return FALSE;
}

void
wf_history_database_set_bounds (WfHistoryDatabase     *self,
                                const WfHistoryBounds *bounds)
{
  sqlite3 *db = ensure_open (self);

  if (!db || (self->bounds.max_events == bounds->max_events && self->bounds.max_days == bounds->max_days))
    return;
  self->bounds = *bounds;
  if (!execute (db, "BEGIN IMMEDIATE"))
    return;
  /* what could not be dropped now is dropped with the next event */
  if (!apply_bounds (self, db) || !execute (db, "COMMIT"))
    execute (db, "ROLLBACK");
}

void
wf_history_database_forget (WfHistoryDatabase *self,
                            const char        *account)
{
  sqlite3 *db = ensure_open (self);
  g_autoptr (Statement) statement = db ? prepare (db, "DELETE FROM events WHERE account = ?1") : NULL;

  if (!statement)
    return;
  bind_text (statement, 1, account);
  if (sqlite3_step (statement) != SQLITE_DONE)
    g_debug ("history: could not forget: %s", sqlite3_errmsg (db));
}

void
wf_history_database_get_salt (WfHistoryDatabase *self,
                              guint8             salt[WF_HISTORY_SALT_BYTES])
{
  ensure_open (self);
  memcpy (salt, self->salt, WF_HISTORY_SALT_BYTES);
}
