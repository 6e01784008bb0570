;; CRC-32C (Castagnoli) as src/port/pg_crc32c_sb8.c of PostgreSQL has it: eight bytes a step, by eight tables of 1 kB
;; that are made at the start and lie first in the memory. Built from this text by esbuild.js.
(module
  (memory (export "memory") 6)

  (func $tables (local $i i32) (local $k i32) (local $c i32)
    (loop $entries
      (local.set $c (local.get $i))
      (local.set $k (i32.const 8))
      (loop $bits
        (local.set $c
          (i32.xor
            (i32.shr_u (local.get $c) (i32.const 1))
            (i32.and (i32.const 0x82f63b78) (i32.sub (i32.const 0) (i32.and (local.get $c) (i32.const 1))))))
        (br_if $bits (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
      (i32.store (i32.shl (local.get $i) (i32.const 2)) (local.get $c))
      (br_if $entries (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 256))))
    ;; Each further table from the one before it: one zero byte more.
    (local.set $i (i32.const 256))
    (loop $further
      (local.set $c (i32.load (i32.shl (i32.sub (local.get $i) (i32.const 256)) (i32.const 2))))
      (i32.store
        (i32.shl (local.get $i) (i32.const 2))
        (i32.xor
          (i32.shr_u (local.get $c) (i32.const 8))
          (i32.load (i32.shl (i32.and (local.get $c) (i32.const 255)) (i32.const 2)))))
      (br_if $further (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 2048)))))
  (start $tables)

  ;; On from $c over some bytes; the caller inverts at the beginning and at the end.
  (func (export "crc") (param $at i32) (param $size i32) (param $c i32) (result i32) (local $x i32) (local $y i32)
    (block $short
      (loop $words
        (br_if $short (i32.lt_u (local.get $size) (i32.const 8)))
        (local.set $x (i32.xor (local.get $c) (i32.load (local.get $at))))
        (local.set $y (i32.load offset=4 (local.get $at)))
        (local.set $c
          (i32.xor
            (i32.xor
              (i32.xor
                (i32.load offset=7168 (i32.shl (i32.and (local.get $x) (i32.const 255)) (i32.const 2)))
                (i32.load offset=6144 (i32.shl (i32.and (i32.shr_u (local.get $x) (i32.const 8)) (i32.const 255)) (i32.const 2))))
              (i32.xor
                (i32.load offset=5120 (i32.shl (i32.and (i32.shr_u (local.get $x) (i32.const 16)) (i32.const 255)) (i32.const 2)))
                (i32.load offset=4096 (i32.shl (i32.shr_u (local.get $x) (i32.const 24)) (i32.const 2)))))
            (i32.xor
              (i32.xor
                (i32.load offset=3072 (i32.shl (i32.and (local.get $y) (i32.const 255)) (i32.const 2)))
                (i32.load offset=2048 (i32.shl (i32.and (i32.shr_u (local.get $y) (i32.const 8)) (i32.const 255)) (i32.const 2))))
              (i32.xor
                (i32.load offset=1024 (i32.shl (i32.and (i32.shr_u (local.get $y) (i32.const 16)) (i32.const 255)) (i32.const 2)))
                (i32.load offset=0 (i32.shl (i32.shr_u (local.get $y) (i32.const 24)) (i32.const 2)))))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $size (i32.sub (local.get $size) (i32.const 8)))
        (br $words)))
    (block $done
      (loop $bytes
        (br_if $done (i32.eqz (local.get $size)))
        (local.set $c
          (i32.xor
            (i32.shr_u (local.get $c) (i32.const 8))
            (i32.load
              (i32.shl
                (i32.and (i32.xor (local.get $c) (i32.load8_u (local.get $at))) (i32.const 255))
                (i32.const 2)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $size (i32.sub (local.get $size) (i32.const 1)))
        (br $bytes)))
    (local.get $c)))
