;; The inner loops of decoding, as WebAssembly with 128-bit SIMD: the same results as their TypeScript
;; counterparts (rows/copy-counter.ts, compressions/lz4-block.ts, toc/blocks.ts), several times faster.
;; Built from this text by esbuild.js. Everything that is read or copied needs 64 bytes of room behind it:
;; the loops work in steps of 16 and 64 bytes and give back only what was asked for.
(module
  (memory (export "memory") 1)

  ;; 1 for every byte that may stand behind a backslash in COPY text a server wrote: \n \r . 0-7 N \ b f n r t v x
  (data (i32.const 10) "\01\00\00\01")
  (data (i32.const 46) "\01\00\01\01\01\01\01\01\01\01")
  (data (i32.const 78) "\01")
  (data (i32.const 92) "\01")
  (data (i32.const 98) "\01\00\00\00\01")
  (data (i32.const 110) "\01\00\00\00\01\00\01\00\01\00\01")

  ;; State of counting. Of this piece: rows met, the first misfitting row (from 1, 0 for none), rows before the
  ;; first odd escape (-1 for none), where the last line begins. Carried on: tabs and bytes of the unfinished
  ;; line, its first bytes (at most three, the first in the lowest byte), whether a backslash came last.
  (global $rows (export "rows") (mut i32) (i32.const 0))
  (global $misfit (export "misfit") (mut i32) (i32.const 0))
  (global $odd (export "odd") (mut i32) (i32.const -1))
  (global $line (export "line") (mut i32) (i32.const 0))
  (global $tabs (export "tabs") (mut i32) (i32.const 0))
  (global $length (export "length") (mut i32) (i32.const 0))
  (global $first (export "first") (mut i32) (i32.const 0))
  (global $escaped (export "escaped") (mut i32) (i32.const 0))
  ;; Tabs every row must have, -1 when not known.
  (global $expected (export "expected") (mut i32) (i32.const -1))
  ;; Bytes `unchunk` wrote.
  (global $filled (export "filled") (mut i32) (i32.const 0))

  ;; Counts COPY text. Returns where the text behind the end line begins, -1 when there is no end line in it.
  (func (export "count") (param $from i32) (param $size i32) (result i32)
    (local $at i32) (local $end i32) (local $line i32) (local $rows i32) (local $tabs i32) (local $expected i32)
    (local $escaped i32) (local $length i32) (local $old i32) (local $bit i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $tab i64) (local $lf i64) (local $bs i64) (local $below i64)
    (local.set $at (local.get $from))
    (local.set $end (i32.add (local.get $from) (local.get $size)))
    (local.set $old (global.get $length))
    (local.set $line (i32.sub (local.get $from) (local.get $old)))
    (local.set $tabs (global.get $tabs))
    (local.set $escaped (global.get $escaped))
    (local.set $expected (global.get $expected))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $a (v128.load (local.get $at)))
        (local.set $b (v128.load offset=16 (local.get $at)))
        (local.set $c (v128.load offset=32 (local.get $at)))
        (local.set $d (v128.load offset=48 (local.get $at)))
        (local.set $tab
          (i64.or
            (i64.or
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (i8x16.splat (i32.const 9)))))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (i8x16.splat (i32.const 9))))) (i64.const 16)))
            (i64.or
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (i8x16.splat (i32.const 9))))) (i64.const 32))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (i8x16.splat (i32.const 9))))) (i64.const 48)))))
        (local.set $lf
          (i64.or
            (i64.or
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (i8x16.splat (i32.const 10)))))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (i8x16.splat (i32.const 10))))) (i64.const 16)))
            (i64.or
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (i8x16.splat (i32.const 10))))) (i64.const 32))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (i8x16.splat (i32.const 10))))) (i64.const 48)))))
        (local.set $bs
          (i64.or
            (i64.or
              (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $a) (i8x16.splat (i32.const 92)))))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $b) (i8x16.splat (i32.const 92))))) (i64.const 16)))
            (i64.or
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $c) (i8x16.splat (i32.const 92))))) (i64.const 32))
              (i64.shl (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $d) (i8x16.splat (i32.const 92))))) (i64.const 48)))))
        ;; What lies behind the end was read along.
        (if (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 64))
          (then
            (local.set $below
              (i64.sub (i64.shl (i64.const 1) (i64.extend_i32_u (i32.sub (local.get $end) (local.get $at)))) (i64.const 1)))
            (local.set $tab (i64.and (local.get $tab) (local.get $below)))
            (local.set $lf (i64.and (local.get $lf) (local.get $below)))
            (local.set $bs (i64.and (local.get $bs) (local.get $below)))))
        ;; The byte behind a backslash parts no columns and is no backslash of its own; a line feed ends a row.
        (if (local.get $escaped)
          (then
            (local.set $escaped (i32.const 0))
            (if (i32.and (i32.eqz (i32.load8_u (i32.load8_u (local.get $at)))) (i32.lt_s (global.get $odd) (i32.const 0)))
              (then (global.set $odd (local.get $rows))))
            (local.set $tab (i64.and (local.get $tab) (i64.const -2)))
            (local.set $bs (i64.and (local.get $bs) (i64.const -2)))))
        (block $unescaped
          (loop $escapes
            (br_if $unescaped (i64.eqz (local.get $bs)))
            (local.set $bit (i32.wrap_i64 (i64.ctz (local.get $bs))))
            (local.set $bs (i64.and (local.get $bs) (i64.sub (local.get $bs) (i64.const 1))))
            (local.set $bit (i32.add (local.get $bit) (i32.const 1)))
            (if (i32.or (i32.eq (local.get $bit) (i32.const 64))
                        (i32.ge_u (i32.add (local.get $at) (local.get $bit)) (local.get $end)))
              (then
                (local.set $escaped (i32.const 1))
                (br $unescaped)))
            (local.set $below (i64.xor (i64.shl (i64.const 1) (i64.extend_i32_u (local.get $bit))) (i64.const -1)))
            (local.set $tab (i64.and (local.get $tab) (local.get $below)))
            (local.set $bs (i64.and (local.get $bs) (local.get $below)))
            (if (i32.and
                  (i32.eqz (i32.load8_u (i32.load8_u (i32.add (local.get $at) (local.get $bit)))))
                  (i32.lt_s (global.get $odd) (i32.const 0)))
              (then
                (global.set $odd
                  (i32.add (local.get $rows)
                    (i32.wrap_i64
                      (i64.popcnt
                        (i64.and (local.get $lf)
                          (i64.sub (i64.shl (i64.const 1) (i64.extend_i32_u (local.get $bit))) (i64.const 1)))))))))
            (br $escapes)))
        (block $lined
          (loop $lines
            (br_if $lined (i64.eqz (local.get $lf)))
            (local.set $bit (i32.wrap_i64 (i64.ctz (local.get $lf))))
            (local.set $below (i64.sub (i64.shl (i64.const 1) (i64.extend_i32_u (local.get $bit))) (i64.const 1)))
            (local.set $lf (i64.and (local.get $lf) (i64.sub (local.get $lf) (i64.const 1))))
            (local.set $bit (i32.add (local.get $at) (local.get $bit)))
            (local.set $length (i32.sub (local.get $bit) (local.get $line)))
            (if (i32.le_u (i32.sub (local.get $length) (i32.const 2)) (i32.const 1))
              (then
                (if (call $isEnd (local.get $line) (local.get $length) (local.get $from) (local.get $old))
                  (then
                    ;; An escape behind the end line, seen along with it, is none of the rows'.
                    (if (i32.gt_s (global.get $odd) (local.get $rows)) (then (global.set $odd (i32.const -1))))
                    (global.set $rows (local.get $rows))
                    (global.set $line (local.get $line))
                    (return (i32.add (local.get $bit) (i32.const 1)))))))
            (local.set $rows (i32.add (local.get $rows) (i32.const 1)))
            (local.set $tabs
              (i32.add (local.get $tabs) (i32.wrap_i64 (i64.popcnt (i64.and (local.get $tab) (local.get $below))))))
            (local.set $tab (i64.and (local.get $tab) (i64.xor (local.get $below) (i64.const -1))))
            (if (i32.ne (local.get $tabs) (local.get $expected))
              (then
                (if (i32.and (i32.ge_s (local.get $expected) (i32.const 0)) (i32.eqz (global.get $misfit)))
                  (then (global.set $misfit (local.get $rows))))))
            (local.set $tabs (i32.const 0))
            (local.set $line (i32.add (local.get $bit) (i32.const 1)))
            (br $lines)))
        (local.set $tabs (i32.add (local.get $tabs) (i32.wrap_i64 (i64.popcnt (local.get $tab)))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $next)))
    (local.set $length (i32.sub (local.get $end) (local.get $line)))
    (if (i32.le_u (local.get $length) (i32.const 3))
      (then (global.set $first (call $begin (local.get $line) (local.get $length) (local.get $from) (local.get $old)))))
    ;; A longer line can only be longer than an end line: no need to know by how much.
    (global.set $length
      (select (i32.const 0x3fffffff) (local.get $length) (i32.gt_u (local.get $length) (i32.const 0x3fffffff))))
    (global.set $tabs (local.get $tabs))
    (global.set $escaped (local.get $escaped))
    (global.set $rows (local.get $rows))
    (global.set $line (local.get $line))
    (i32.const -1))

  ;; The bytes of a line of at most three, the first in the lowest byte; `old` of them came before this piece.
  (func $begin (param $line i32) (param $length i32) (param $from i32) (param $old i32) (result i32)
    (local $bytes i32)
    (if (i32.ge_s (local.get $line) (local.get $from))
      (then (local.set $bytes (i32.load (local.get $line))))
      (else
        (local.set $bytes
          (i32.or (global.get $first)
            (i32.shl (i32.load (local.get $from)) (i32.shl (local.get $old) (i32.const 3)))))))
    (i32.and (local.get $bytes)
      (i32.sub (i32.shl (i32.const 1) (i32.shl (local.get $length) (i32.const 3))) (i32.const 1))))

  ;; Whether a line of two or three bytes is `\.`, with a carriage return or without.
  (func $isEnd (param $line i32) (param $length i32) (param $from i32) (param $old i32) (result i32)
    (local $bytes i32)
    (local.set $bytes (call $begin (local.get $line) (local.get $length) (local.get $from) (local.get $old)))
    (i32.or (i32.eq (local.get $bytes) (i32.const 0x2e5c)) (i32.eq (local.get $bytes) (i32.const 0x0d2e5c))))

  ;; Decodes one LZ4 block of `size` bytes to `to`, at most `room` bytes; what it refers back to is not before
  ;; `lowest`. Returns where the output ends, or what is wrong: -1 a length or distance is cut, -2 literals or
  ;; -3 a match run past the end, -4 a distance points before the data, -5 the last literals are missing.
  (func (export "lz4") (param $from i32) (param $size i32) (param $to i32) (param $room i32) (param $lowest i32) (result i32)
    (local $end i32) (local $limit i32) (local $token i32) (local $length i32) (local $distance i32)
    (local $p i32) (local $q i32) (local $stop i32)
    (local.set $end (i32.add (local.get $from) (local.get $size)))
    (local.set $limit (i32.add (local.get $to) (local.get $room)))
    (loop $sequence
      (if (i32.ge_u (local.get $from) (local.get $end)) (then (return (i32.const -5))))
      (local.set $token (i32.load8_u (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (local.set $length (i32.shr_u (local.get $token) (i32.const 4)))
      (if (i32.eq (local.get $length) (i32.const 15))
        (then
          (loop $more
            (if (i32.ge_u (local.get $from) (local.get $end)) (then (return (i32.const -1))))
            (local.set $p (i32.load8_u (local.get $from)))
            (local.set $from (i32.add (local.get $from) (i32.const 1)))
            (local.set $length (i32.add (local.get $length) (local.get $p)))
            (br_if $more (i32.eq (local.get $p) (i32.const 255))))))
      (if (i32.or
            (i32.gt_u (local.get $length) (i32.sub (local.get $end) (local.get $from)))
            (i32.gt_u (local.get $length) (i32.sub (local.get $limit) (local.get $to))))
        (then (return (i32.const -2))))
      (local.set $p (local.get $from))
      (local.set $q (local.get $to))
      (local.set $from (i32.add (local.get $from) (local.get $length)))
      (local.set $to (i32.add (local.get $to) (local.get $length)))
      (loop $literals
        (v128.store (local.get $q) (v128.load (local.get $p)))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (local.set $q (i32.add (local.get $q) (i32.const 16)))
        (br_if $literals (i32.lt_u (local.get $q) (local.get $to))))
      (if (i32.eq (local.get $from) (local.get $end)) (then (return (local.get $to))))
      (if (i32.lt_u (i32.sub (local.get $end) (local.get $from)) (i32.const 2)) (then (return (i32.const -1))))
      (local.set $distance (i32.load16_u (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 2)))
      (if (i32.or
            (i32.eqz (local.get $distance))
            (i32.gt_u (local.get $distance) (i32.sub (local.get $to) (local.get $lowest))))
        (then (return (i32.const -4))))
      (local.set $length (i32.add (i32.and (local.get $token) (i32.const 15)) (i32.const 4)))
      (if (i32.eq (local.get $length) (i32.const 19))
        (then
          (loop $more
            (if (i32.ge_u (local.get $from) (local.get $end)) (then (return (i32.const -1))))
            (local.set $p (i32.load8_u (local.get $from)))
            (local.set $from (i32.add (local.get $from) (i32.const 1)))
            (local.set $length (i32.add (local.get $length) (local.get $p)))
            (br_if $more (i32.eq (local.get $p) (i32.const 255))))))
      (if (i32.gt_u (local.get $length) (i32.sub (local.get $limit) (local.get $to))) (then (return (i32.const -3))))
      (local.set $stop (i32.add (local.get $to) (local.get $length)))
      (local.set $p (i32.sub (local.get $to) (local.get $distance)))
      (if (i32.ge_u (local.get $distance) (i32.const 16))
        (then
          (loop $match
            (v128.store (local.get $to) (v128.load (local.get $p)))
            (local.set $p (i32.add (local.get $p) (i32.const 16)))
            (local.set $to (i32.add (local.get $to) (i32.const 16)))
            (br_if $match (i32.lt_u (local.get $to) (local.get $stop)))))
        (else
          ;; A pattern that repeats: every step doubles what can be copied at once.
          (block $long
            (loop $double
              (br_if $long (i32.ge_u (local.get $distance) (i32.const 8)))
              (i64.store (local.get $to) (i64.load (local.get $p)))
              (local.set $to (i32.add (local.get $to) (local.get $distance)))
              (local.set $distance (i32.shl (local.get $distance) (i32.const 1)))
              (br $double)))
          (block $copied
            (loop $match
              (br_if $copied (i32.ge_u (local.get $to) (local.get $stop)))
              (i64.store (local.get $to) (i64.load (local.get $p)))
              (local.set $p (i32.add (local.get $p) (i32.const 8)))
              (local.set $to (i32.add (local.get $to) (i32.const 8)))
              (br $match)))))
      (local.set $to (local.get $stop))
      (br $sequence))
    (unreachable))

  ;; Joins the pieces of a custom archive's chunk list (a sign byte, four bytes of length, the piece) at `to`, as
  ;; long as they are whole and fit. Returns how many bytes it used; an end, a border or anything odd stops it.
  (func (export "unchunk") (param $from i32) (param $size i32) (param $to i32) (param $room i32) (result i32)
    (local $at i32) (local $end i32) (local $length i32) (local $start i32) (local $limit i32) (local $p i32) (local $q i32)
    (local.set $at (local.get $from))
    (local.set $end (i32.add (local.get $from) (local.get $size)))
    (local.set $start (local.get $to))
    (local.set $limit (i32.add (local.get $to) (local.get $room)))
    (block $done
      (loop $chunk
        (br_if $done (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 5)))
        (br_if $done (i32.load8_u (local.get $at)))
        (local.set $length (i32.load offset=1 (local.get $at)))
        (br_if $done (i32.eqz (local.get $length)))
        (br_if $done (i32.gt_u (local.get $length) (i32.sub (i32.sub (local.get $end) (local.get $at)) (i32.const 5))))
        (br_if $done (i32.gt_u (local.get $length) (i32.sub (local.get $limit) (local.get $to))))
        (local.set $p (i32.add (local.get $at) (i32.const 5)))
        (local.set $at (i32.add (local.get $p) (local.get $length)))
        (if (i32.gt_u (local.get $length) (i32.const 1024))
          (then (memory.copy (local.get $to) (local.get $p) (local.get $length)))
          (else
            (local.set $q (local.get $to))
            (loop $copy
              (v128.store (local.get $q) (v128.load (local.get $p)))
              (local.set $p (i32.add (local.get $p) (i32.const 16)))
              (local.set $q (i32.add (local.get $q) (i32.const 16)))
              (br_if $copy (i32.lt_u (local.get $p) (local.get $at))))))
        (local.set $to (i32.add (local.get $to) (local.get $length)))
        (br $chunk)))
    (global.set $filled (i32.sub (local.get $to) (local.get $start)))
    (i32.sub (local.get $at) (local.get $from)))
)
