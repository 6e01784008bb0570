export const usage = `restore-point wal: archives of the write-ahead log (WAL)

Usage: restore-point wal push %p --to FOLDER [--compress zstd|gzip|none] [--json]
       restore-point wal fetch %f %p --from FOLDER [--check records|header] [--on-damage abort|end] [--json]
       restore-point wal status [CONNECTION] [--wal FOLDER] [--json]
       restore-point wal setup [CONNECTION] --to FOLDER [--apply] …
       restore-point wal test [CONNECTION] [--wal FOLDER] [--timeout SECONDS] [--json]
       restore-point wal receive [CONNECTION] --to FOLDER --slot NAME [--create-slot] …
       restore-point wal list FOLDER [--json]
       restore-point wal check FOLDER [--deep] [--json]
       restore-point wal events FOLDER [--around TIME | --from WHEN] [--to WHEN] [--losses] [--backups FOLDER…] [--json]
       restore-point wal cleanup FOLDER --needed SEGMENT|BACKUP|TIMELINE:LSN… [--branches] [--dry-run] [--json]

push      for archive_command: stores a file of pg_wal, synced and under its own name only when it is whole. The
          same again is done; another content under the same name, or a segment of another cluster, is refused (1).
  --to FOLDER         the archive; it must exist
  --compress          zstd (default; gzip where this Node has none), gzip or none

fetch     for restore_command: brings a file back, checked. Exit code 1 when the archive does not have it, which
          ends a recovery normally; 200 for everything else, which stops the server instead.
  --from FOLDER       the archive
  --check             records (default): every page and record; header: how a segment begins, and its length
  --on-damage         abort (default): 200; end: 1, for a standby that can stream what is damaged here

status    how a server archives: settings, pg_stat_archiver, what waits, pg_wal, replication slots; exit code 1 when
          something is wrong. CONNECTION is what --connection takes elsewhere
  --wal FOLDER        the archive, as it is found from here: what it holds is told too
setup     what has to change for a server to archive by wal push; changes nothing without --apply
  --to FOLDER         the archive, on the server's machine
  --apply             runs the statements (ALTER SYSTEM) and reloads the configuration
  --compress          of the command: zstd (default), gzip or none
  --archive-timeout T longest that a segment waits to be filled (default 1min where it is 0)
  --node, --cli PATH  Node and dist/cli.js as the server finds them (default: those that run now)
  --command TEXT      another archive_command
test      ends a segment, waits until it is archived and, with --wal, until it is there, and reads it
  --timeout SECONDS   longest that is waited, in all (default 60)
receive   WAL into a folder of this machine by pg_receivewal, as a job: until it is cancelled, again after each loss of the
          connection. The folder is an archive like others
  --slot NAME         the replication slot; --create-slot makes it, --drop-slot drops it at the end (else it stays)
  --compress          METHOD[:LEVEL] of gzip (default gzip:1), lz4 or none
  --synchronous       flush to the disk at once; --no-sync never waits for it
  --endpos LSN        ends there; --status-interval SECONDS
  --warn-behind SIZE  warn when a slot holds back more (default 1GB)
  --background        start it and return; restore-point jobs lists and cancels it
  --dry-run           show the plan
  --tools FOLDER      PostgreSQL programs to use

list      timelines, ranges, gaps, size by day
check     names and first pages of all segments, gaps, histories; exit code 1 when something is wrong
  --deep              every page and record (CRC-32C) too
events    commits, what they took away (DROP, TRUNCATE, rows deleted), and named restore points, in their order
  --around TIME       15 minutes before and after (--minutes N)
  --from, --to WHEN   a time with zone, or a place in the WAL (0/3000148)
  --losses            only what takes something away, and restore points
  --least-rows N      deletions of fewer rows are none (default 1)
  --backups FOLDER    base backups tell names; default: where backups go when none is named. Can be repeated
  --timeline N        with those it came from; default: the newest
  --limit N           of events in the document of --json (default 10000)
cleanup   removes segments that no kept backup needs; timeline histories always stay
  --needed            where a backup that is kept began: a segment, the .backup file of it in the archive, or
                      1:0/D000028; one for each backup, at least for the oldest of each timeline
  --branches          also what is on timelines that none of these leads to
  --dry-run           only says what would go

--json    push: {file, compression, bytes, already}; fetch: {file, bytes} or {"missing": name}
          status: {condition, text, notices: [{code, level, text, next, slot}], state, archive}
          setup: {changes: [{name, now, then, needs, outOfReach}], statements, restart, restartCommand, notices, applied}
          test: {segment, name, lsn, archivedMs, folder}
          list: {name, systemIdentifier, major, segmentBytes, segments, bytes, timelines: [{timeline, parent:
          {timeline, lsn} | null, history, bands: [{from, to, first, last, segments, bytes, firstModified,
          lastModified}], partials, segments, bytes}], gaps: [{timeline, first, last, segments, from, to}],
          backups, duplicates, foreign, days: [{day, segments, bytes}], others, faults}
          check: {ok, deep, segments, records, ends, faults: [{file, kind, offset, lsn, what}], archive}
          events: {timeline, from, to, segments, records, bytes, namesFrom, missing, unread, clockBack, events: [{kind:
          "commit", xid, lsn, before, time, timeline, database: {oid, name}, effects: [{kind: "drop" | "truncate" |
          "delete" | "dropDatabase", oid, fileNode, schema, name, rows}]} | {kind: "restorePoint", name, lsn, time,
          timeline}], count, leftOut}
          cleanup: {needed, remove: [{file, reason, bytes}], bytes, branches, kept, removed}
`;
