;; Hashes the rows of COPY text, compares them, and finds rows by their numbers. Built from this text by esbuild.js. Everything that is
;; read needs 64 bytes of room behind it: the loops work in steps of 8 and 16 bytes.
(module
  (memory (export "memory") 48)

  ;; One 64-bit seed for each field of a row, 0 for fields that do not count: 1664 of them at most.
  (global $seeds i32 (i32.const 1024))
  ;; A field is hashed in segments of this size, so that no more of an unfinished one has to be kept.
  (global $segment i32 (i32.const 65536))

  ;; What parts fields besides the line feed: a tab, or a line feed where the line is hashed as a whole.
  (global $parting (export "parting") (mut i32) (i32.const 10))
  ;; Of the unfinished row: index of the field, hash of its segments so far, sum of the fields before it, whether
  ;; anything of the field was taken already.
  (global $field (export "field") (mut i32) (i32.const 0))
  (global $running (export "running") (mut i64) (i64.const 0))
  (global $sum (export "sum") (mut i64) (i64.const 0))
  (global $begun (export "begun") (mut i32) (i32.const 0))
  ;; Of the last call: rows met; whether the end line was met; whether a backslash stands before a line feed or tab.
  (global $rows (export "rows") (mut i32) (i32.const 0))
  (global $ended (export "ended") (mut i32) (i32.const 0))
  (global $odd (export "odd") (mut i32) (i32.const 0))
  ;; Whether the last call of `same` met a line that differs.
  (global $differs (export "differs") (mut i32) (i32.const 0))

  ;; The finishing steps of MurmurHash3 for 64 bits: every bit of the input changes every bit of the result.
  (func $mixed (param $h i64) (result i64)
    (local.set $h (i64.mul (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 33))) (i64.const 0xff51afd7ed558ccd)))
    (local.set $h (i64.mul (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 33))) (i64.const 0xc4ceb9fe1a85ec53)))
    (i64.xor (local.get $h) (i64.shr_u (local.get $h) (i64.const 33))))

  ;; The hash of some bytes, going on from another.
  (func $span (param $at i32) (param $size i32) (param $h i64) (result i64)
    (local.set $h (i64.xor (local.get $h) (i64.mul (i64.extend_i32_u (local.get $size)) (i64.const 0x9e3779b97f4a7c15))))
    (block $short
      (loop $words
        (br_if $short (i32.lt_u (local.get $size) (i32.const 8)))
        (local.set $h
          (i64.rotl
            (i64.mul (i64.xor (local.get $h) (i64.load (local.get $at))) (i64.const 0x9fb21c651e98df25))
            (i64.const 29)))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $size (i32.sub (local.get $size) (i32.const 8)))
        (br $words)))
    (if (local.get $size)
      (then
        (local.set $h
          (i64.rotl
            (i64.mul
              (i64.xor
                (local.get $h)
                (i64.and
                  (i64.load (local.get $at))
                  (i64.sub (i64.shl (i64.const 1) (i64.extend_i32_u (i32.shl (local.get $size) (i32.const 3)))) (i64.const 1))))
              (i64.const 0x9fb21c651e98df25))
            (i64.const 29)))))
    (call $mixed (local.get $h)))

  (func $seed (param $field i32) (result i64)
    (if (result i64) (i32.lt_u (local.get $field) (i32.const 1664))
      (then (i64.load (i32.add (global.get $seeds) (i32.shl (local.get $field) (i32.const 3)))))
      (else (i64.const 0))))

  ;; Begins a field.
  (func $begin (param $field i32)
    (global.set $field (local.get $field))
    (global.set $running (call $seed (local.get $field)))
    (global.set $begun (i32.const 0)))

  ;; To be called before the first piece: forgets the unfinished row.
  (func (export "reset")
    (global.set $sum (i64.const 0))
    (global.set $ended (i32.const 0))
    (global.set $odd (i32.const 0))
    (call $begin (i32.const 0)))

  ;; Whether the bytes end in an odd number of backslashes.
  (func $escaped (param $start i32) (param $end i32) (result i32)
    (local $at i32)
    (local.set $at (local.get $end))
    (block $other
      (loop $back
        (br_if $other (i32.le_u (local.get $at) (local.get $start)))
        (br_if $other (i32.ne (i32.load8_u (i32.sub (local.get $at) (i32.const 1))) (i32.const 92)))
        (local.set $at (i32.sub (local.get $at) (i32.const 1)))
        (br $back)))
    (i32.and (i32.sub (local.get $end) (local.get $at)) (i32.const 1)))

  ;; Takes all segments of a field but the last, which may be whole.
  (func $absorb (param $start i32) (param $end i32) (result i32)
    (loop $segments
      (if (i32.gt_u (i32.sub (local.get $end) (local.get $start)) (global.get $segment))
        (then
          (if (i64.ne (call $seed (global.get $field)) (i64.const 0))
            (then (global.set $running (call $span (local.get $start) (global.get $segment) (global.get $running)))))
          (global.set $begun (i32.const 1))
          (local.set $start (i32.add (local.get $start) (global.get $segment)))
          (br $segments))))
    (local.get $start))

  ;; Hashes rows; one 64-bit value for each whole one is written to `out`. Returns where the unfinished field begins,
  ;; which is at most a segment long: it has to stand before the next piece. An end line stops it.
  (func (export "hash") (param $from i32) (param $size i32) (param $out i32) (result i32)
    (local $at i32) (local $end i32) (local $start i32) (local $stop i32) (local $mask i32) (local $byte i32) (local $rows i32)
    (local $chunk v128)
    (local.set $at (local.get $from))
    (local.set $start (local.get $from))
    (local.set $end (i32.add (local.get $from) (local.get $size)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $chunk (v128.load (local.get $at)))
        (local.set $mask
          (i8x16.bitmask
            (v128.or
              (i8x16.eq (local.get $chunk) (i8x16.splat (i32.const 10)))
              (i8x16.eq (local.get $chunk) (i8x16.splat (global.get $parting))))))
        (if (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 16))
          (then
            (local.set $mask
              (i32.and (local.get $mask)
                (i32.sub (i32.shl (i32.const 1) (i32.sub (local.get $end) (local.get $at))) (i32.const 1))))))
        (block $parted
          (loop $parts
            (br_if $parted (i32.eqz (local.get $mask)))
            (local.set $stop (i32.add (local.get $at) (i32.ctz (local.get $mask))))
            (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
            (local.set $byte (i32.load8_u (local.get $stop)))
            (local.set $start (call $absorb (local.get $start) (local.get $stop)))
            (if (i32.gt_u (local.get $stop) (local.get $start))
              (then
                (if (i32.eq (i32.load8_u (i32.sub (local.get $stop) (i32.const 1))) (i32.const 92))
                  (then
                    (if (call $escaped (local.get $start) (local.get $stop))
                      (then (global.set $odd (i32.const 1))))))))
            (if (i32.eq (local.get $byte) (i32.const 10))
              (then
                ;; A carriage return before the line feed belongs to it: in values it is escaped.
                (if (i32.and
                      (i32.gt_u (local.get $stop) (local.get $start))
                      (i32.eq (i32.load8_u (i32.sub (local.get $stop) (i32.const 1))) (i32.const 13)))
                  (then (local.set $stop (i32.sub (local.get $stop) (i32.const 1)))))
                (if (i32.and
                      (i32.eq (i32.sub (local.get $stop) (local.get $start)) (i32.const 2))
                      (i32.eqz (i32.or (global.get $field) (global.get $begun))))
                  (then
                    (if (i32.eq (i32.load16_u (local.get $start)) (i32.const 0x2e5c))
                      (then
                        (global.set $ended (i32.const 1))
                        (global.set $rows (local.get $rows))
                        (return (local.get $end))))))))
            (if (i64.ne (call $seed (global.get $field)) (i64.const 0))
              (then
                (global.set $sum
                  (i64.add (global.get $sum)
                    (call $span (local.get $start) (i32.sub (local.get $stop) (local.get $start)) (global.get $running))))))
            (if (i32.eq (local.get $byte) (i32.const 10))
              (then
                (i64.store (local.get $out) (call $mixed (global.get $sum)))
                (local.set $out (i32.add (local.get $out) (i32.const 8)))
                (local.set $rows (i32.add (local.get $rows) (i32.const 1)))
                (global.set $sum (i64.const 0))
                (call $begin (i32.const 0))
                ;; Behind the line feed, and behind the carriage return that was taken for it.
                (local.set $start (i32.add (local.get $stop) (i32.const 1)))
                (if (i32.eq (i32.load8_u (local.get $stop)) (i32.const 13))
                  (then (local.set $start (i32.add (local.get $start) (i32.const 1))))))
              (else
                (call $begin (i32.add (global.get $field) (i32.const 1)))
                (local.set $start (i32.add (local.get $stop) (i32.const 1)))))
            (br $parts)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (global.set $rows (local.get $rows))
    (call $absorb (local.get $start) (local.get $end)))

  ;; Goes over at most so many rows. Returns where the row behind them begins, or the end of the bytes; `rows` says how many it
  ;; went over.
  (func (export "skip") (param $from i32) (param $size i32) (param $most i32) (result i32)
    (local $at i32) (local $end i32) (local $mask i32) (local $rows i32) (local $here i32)
    (local.set $at (local.get $from))
    (local.set $end (i32.add (local.get $from) (local.get $size)))
    (if (i32.eqz (local.get $most))
      (then
        (global.set $rows (i32.const 0))
        (return (local.get $from))))
    (loop $next
      (if (i32.lt_u (local.get $at) (local.get $end))
        (then
          (local.set $mask (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (i8x16.splat (i32.const 10)))))
          (if (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 16))
            (then
              (local.set $mask
                (i32.and (local.get $mask)
                  (i32.sub (i32.shl (i32.const 1) (i32.sub (local.get $end) (local.get $at))) (i32.const 1))))))
          (local.set $here (i32.popcnt (local.get $mask)))
          (if (i32.ge_u (i32.add (local.get $rows) (local.get $here)) (local.get $most))
            (then
              (loop $bits
                (local.set $rows (i32.add (local.get $rows) (i32.const 1)))
                (if (i32.eq (local.get $rows) (local.get $most))
                  (then
                    (global.set $rows (local.get $rows))
                    (return (i32.add (local.get $at) (i32.add (i32.ctz (local.get $mask)) (i32.const 1))))))
                (local.set $mask (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1))))
                (br $bits))))
          (local.set $rows (i32.add (local.get $rows) (local.get $here)))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $next))))
    (global.set $rows (local.get $rows))
    (local.get $end))

  ;; Goes over the lines that two texts of this size begin with both. Returns how many bytes; `rows` says how many lines, and
  ;; `differs` whether anything but the end of the texts stopped it. An end line does too, and one whose line feed is escaped.
  (func (export "same") (param $one i32) (param $other i32) (param $size i32) (result i32)
    (local $at i32) (local $last i32) (local $rows i32) (local $bit i32) (local $here i32) (local $there i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $e v128) (local $f v128) (local $g v128) (local $h v128)
    (local $lf i64) (local $bs i64) (local $below i64) (local $found i64) (local $afterLf i64) (local $afterBs i64)
    (global.set $differs (i32.const 0))
    ;; Both begin with a line.
    (local.set $afterLf (i64.const 1))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $size)))
        (local.set $here (i32.add (local.get $one) (local.get $at)))
        (local.set $there (i32.add (local.get $other) (local.get $at)))
        (local.set $a (v128.load (local.get $here)))
        (local.set $b (v128.load offset=16 (local.get $here)))
        (local.set $c (v128.load offset=32 (local.get $here)))
        (local.set $d (v128.load offset=48 (local.get $here)))
        (local.set $e (v128.xor (local.get $a) (v128.load (local.get $there))))
        (local.set $f (v128.xor (local.get $b) (v128.load offset=16 (local.get $there))))
        (local.set $g (v128.xor (local.get $c) (v128.load offset=32 (local.get $there))))
        (local.set $h (v128.xor (local.get $d) (v128.load offset=48 (local.get $there))))
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
        ;; What counts of these 64 bytes: what lies before the end and before the first byte that differs.
        (local.set $below (i64.const -1))
        (if (i32.lt_u (i32.sub (local.get $size) (local.get $at)) (i32.const 64))
          (then
            (local.set $below
              (i64.sub
                (i64.shl (i64.const 1) (i64.extend_i32_u (i32.sub (local.get $size) (local.get $at))))
                (i64.const 1)))))
        (if (v128.any_true
              (v128.or (v128.or (local.get $e) (local.get $f)) (v128.or (local.get $g) (local.get $h))))
          (then
            (local.set $found
              (i64.and
                (local.get $below)
                (i64.xor
                  (i64.const -1)
                  (i64.or
                    (i64.or
                      (call $zeros (local.get $e))
                      (i64.shl (call $zeros (local.get $f)) (i64.const 16)))
                    (i64.or
                      (i64.shl (call $zeros (local.get $g)) (i64.const 32))
                      (i64.shl (call $zeros (local.get $h)) (i64.const 48)))))))
            (if (i64.ne (local.get $found) (i64.const 0))
              (then
                (global.set $differs (i32.const 1))
                (local.set $below (call $before (local.get $found)))))))
        (local.set $lf (i64.and (local.get $lf) (local.get $below)))
        (local.set $bs (i64.and (local.get $bs) (local.get $below)))
        ;; Line feeds behind a backslash.
        (local.set $found
          (i64.and (local.get $lf) (i64.or (i64.shl (local.get $bs) (i64.const 1)) (local.get $afterBs))))
        (block $looked
          (loop $look
            (br_if $looked (i64.eqz (local.get $found)))
            (local.set $bit (i32.wrap_i64 (i64.ctz (local.get $found))))
            (if (call $escaped (local.get $one) (i32.add (local.get $here) (local.get $bit)))
              (then
                (global.set $differs (i32.const 1))
                (local.set $below (call $before (local.get $found)))
                (local.set $lf (i64.and (local.get $lf) (local.get $below)))
                (local.set $bs (i64.and (local.get $bs) (local.get $below)))
                (br $looked)))
            (local.set $found (i64.and (local.get $found) (i64.sub (local.get $found) (i64.const 1))))
            (br $look)))
        ;; Backslashes at the beginning of a line: a dot behind one makes it an end line.
        (local.set $found
          (i64.and (local.get $bs) (i64.or (i64.shl (local.get $lf) (i64.const 1)) (local.get $afterLf))))
        (block $looked
          (loop $look
            (br_if $looked (i64.eqz (local.get $found)))
            (local.set $bit (i32.wrap_i64 (i64.ctz (local.get $found))))
            (if (i32.eq (i32.load8_u offset=1 (i32.add (local.get $here) (local.get $bit))) (i32.const 46))
              (then
                (global.set $differs (i32.const 1))
                (local.set $lf (i64.and (local.get $lf) (call $before (local.get $found))))
                (br $looked)))
            (local.set $found (i64.and (local.get $found) (i64.sub (local.get $found) (i64.const 1))))
            (br $look)))
        (if (i64.ne (local.get $lf) (i64.const 0))
          (then
            (local.set $rows (i32.add (local.get $rows) (i32.wrap_i64 (i64.popcnt (local.get $lf)))))
            (local.set $last
              (i32.sub
                (i32.add (local.get $at) (i32.const 64))
                (i32.wrap_i64 (i64.clz (local.get $lf)))))))
        (br_if $done (global.get $differs))
        (local.set $afterLf (i64.shr_u (local.get $lf) (i64.const 63)))
        (local.set $afterBs (i64.shr_u (local.get $bs) (i64.const 63)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $next)))
    (global.set $rows (local.get $rows))
    (local.get $last))

  ;; A bit for each byte that is zero.
  (func $zeros (param $bytes v128) (result i64)
    (i64.extend_i32_u (i8x16.bitmask (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0))))))

  ;; All bits below the lowest that is set.
  (func $before (param $bits i64) (result i64)
    (i64.sub (i64.and (local.get $bits) (i64.sub (i64.const 0) (local.get $bits))) (i64.const 1)))
)
