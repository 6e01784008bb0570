;; Takes the rows out of the messages a server sends them in, one for each row. Built from this text by esbuild.js. Everything
;; that is read or written needs 64 bytes of room behind it.
(module
  (memory (export "memory") 1)

  ;; Bytes that are still to come of the message that was begun.
  (global $left (export "left") (mut i32) (i32.const 0))
  ;; Of the last call: bytes written; whether a message stopped it that is no CopyData.
  (global $filled (export "filled") (mut i32) (i32.const 0))
  (global $other (export "other") (mut i32) (i32.const 0))

  ;; Writes what CopyData messages hold to `to`, as far as there is room. Returns how many bytes it is done with; an unfinished
  ;; head of a message is left.
  (func (export "unwrap") (param $from i32) (param $size i32) (param $to i32) (param $room i32) (result i32)
    (local $at i32) (local $end i32) (local $start i32) (local $limit i32) (local $part i32) (local $p i32) (local $q i32)
    (local.set $at (local.get $from))
    (local.set $end (i32.add (local.get $from) (local.get $size)))
    (local.set $start (local.get $to))
    (local.set $limit (i32.add (local.get $to) (local.get $room)))
    (global.set $other (i32.const 0))
    (block $done
      (loop $message
        (if (i32.eqz (global.get $left))
          (then
            (br_if $done (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 5)))
            (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 100))
              (then
                (global.set $other (i32.const 1))
                (br $done)))
            ;; The length counts itself, the highest byte first.
            (local.set $part (i32.load offset=1 (local.get $at)))
            (global.set $left
              (i32.sub
                (i32.or
                  (i32.or
                    (i32.shl (local.get $part) (i32.const 24))
                    (i32.shl (i32.and (local.get $part) (i32.const 0xff00)) (i32.const 8)))
                  (i32.or
                    (i32.and (i32.shr_u (local.get $part) (i32.const 8)) (i32.const 0xff00))
                    (i32.shr_u (local.get $part) (i32.const 24))))
                (i32.const 4)))
            (local.set $at (i32.add (local.get $at) (i32.const 5)))
            (br $message)))
        (local.set $part (global.get $left))
        (if (i32.gt_u (local.get $part) (i32.sub (local.get $end) (local.get $at)))
          (then (local.set $part (i32.sub (local.get $end) (local.get $at)))))
        (if (i32.gt_u (local.get $part) (i32.sub (local.get $limit) (local.get $to)))
          (then (local.set $part (i32.sub (local.get $limit) (local.get $to)))))
        (br_if $done (i32.eqz (local.get $part)))
        (local.set $p (local.get $at))
        (local.set $at (i32.add (local.get $at) (local.get $part)))
        (if (i32.gt_u (local.get $part) (i32.const 1024))
          (then (memory.copy (local.get $to) (local.get $p) (local.get $part)))
          (else
            (local.set $q (local.get $to))
            (loop $copy
              (v128.store (local.get $q) (v128.load (local.get $p)))
              (local.set $p (i32.add (local.get $p) (i32.const 16)))
              (local.set $q (i32.add (local.get $q) (i32.const 16)))
              (br_if $copy (i32.lt_u (local.get $p) (local.get $at))))))
        (local.set $to (i32.add (local.get $to) (local.get $part)))
        (global.set $left (i32.sub (global.get $left) (local.get $part)))
        (br $message)))
    (global.set $filled (i32.sub (local.get $to) (local.get $start)))
    (i32.sub (local.get $at) (local.get $from)))
)
