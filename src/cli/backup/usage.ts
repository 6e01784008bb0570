/** The help of `restore-point backup`; docs/command-line.md says the same at length. */
export const usage = `restore-point backup: makes a backup that can be trusted

Usage: restore-point backup [--connection URI] [--database NAME] [--method METHOD] [options] [-- tool options]

Where from
  --connection TEXT   a URI without password, key=value text, a service, or a saved connection's id or name;
                      absent: what libpq takes from PGHOST, PGUSER, … and its defaults
  --database NAME     the database, when the connection does not say it or another is meant
  The password comes from PGPASSWORD or the password file, else it is asked for on a terminal.

What
  --method dump       one database, or a part of it (default)
           dumpall    the whole server as one script; --scope all|globals|roles|tablespaces|schema|data
           set        every database as an archive of its own plus roles and tablespaces, in one folder;
                      --include-database PATTERN, --exclude-database PATTERN
           basebackup all files of the server by pg_basebackup; --format tar (default) or plain,
                      --level full|incremental|differential (the latter two from PostgreSQL 17 on),
                      --parent ARTIFACT, --verify none|checksum|contents
           offline    all files of a cluster of this machine that is shut down: --directory FOLDER;
                      --stop stops its server before and starts it again afterwards; no connection is needed
           low-level  all files of the server by your own copy while it is in backup mode:
                      --copy-command 'rsync -a %source/ %target/' (absent: copied by us), --directory FOLDER,
                      --wal-from FOLDER (archive the WAL is waited for in), --wal-timeout SECONDS, --label TEXT
           copy       the rows of one table (--table SCHEMA.NAME, --columns A,B) or of --query SQL;
                      --header, --delimiter C, --null TEXT, --encoding NAME; --preview N only shows rows
  --format            dump: custom (default), directory, tar, plain; set: custom, directory; copy: csv, tsv, binary
  --with-globals      dump: also keep roles and tablespaces, in NAME.globals.sql beside it
  Every option of pg_dump (dump, set), pg_dumpall (dumpall) and pg_basebackup (basebackup) is taken as it is: --schema-only, -n PATTERN,
  -T PATTERN, --jobs 4, --compress zstd:9, … What comes after -- is given on unread.
  Without --compress: zstd:3 where the client has it, else gzip:1; scripts and tar stay uncompressed.

Where to
  --to FOLDER         FOLDER/SERVER/DATABASE/DATABASE_TIME.dump (default folder: ~/restore-point)
  --file PATH         exactly there
  --notes TEXT        kept in the manifest

How
  --verify LEVEL      checksum or contents (decode everything, count the rows); default contents up to 256 MB
                      of tables, above that checksum
  --dry-run           show what would run, where to, how big and how long, and run nothing
  --ignore-missing-rights   let the tool find out about tables you may not read
  --fail-on-suspicious   exit with 3 when it looks wrong against the backups before it: a table gone, rows
                      fallen, size collapsed
  --fallen-by PERCENT rows of a table may fall by so much (default 50)
  --preset NAME       take the options of a preset; --save-preset NAME keeps these
  --tools FOLDER      client programs to choose from (repeatable); --tool-prefix 'docker exec -i db' runs them there
  --verbose           the tool's own messages on standard error
  --json              {"artifact", "manifest", "method", "format", "bytes", "durationMs",
                      "tables": [{schema, name, rows}], …}; rows is null where not counted (see estimatedRows);
                      with --dry-run {"dryRun", "plan", "commands"}, with --preview {"columns", "rows"}

Examples
  restore-point backup --connection postgresql://app@db.example.com/shop
  restore-point backup --connection service=shop --format directory --jobs 4 --to /var/backups
  restore-point backup --connection shop --method set --exclude-database 'test_*'
  restore-point backup --connection shop --method basebackup --level incremental
  restore-point backup --connection shop --method copy --table public.orders --format csv --header
`;
