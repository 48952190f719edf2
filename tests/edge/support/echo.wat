;; The exported module's interface, version 1, over the plainest model: for the features x (a number) and
;; word (a category), the output of a row is x plus the length of the word in bytes, 1000 where the word is
;; missing; the class is the word's first byte. An image is one byte: the version of its format.
(module
  (memory (export "memory") 1)
  (global $rows (mut i32) (i32.const 0))
  (global $text (mut i32) (i32.const 0))
  (global $status (mut i32) (i32.const 0))
  (global $row (mut i32) (i32.const -1))
  (data (i32.const 8) "\20\00\00\00\ba\00\00\00")
  (data (i32.const 32) "{\"name\":\"echo\",\"version\":\"ab\",\"library\":\"0.1.0\",\"learner\":\"none\",\"task\":\"regression\",\"classes\":[],\"outputs\":1,\"features\":[{\"name\":\"x\",\"kind\":\"number\"},{\"name\":\"word\",\"kind\":\"category\"}]}")
  (data (i32.const 320) "the image is damaged. Export it again.")
  (data (i32.const 400) "\01")

  (func (export "hedgerow_abi") (result i32) (i32.const 1))

  (func (export "hedgerow_image") (param $length i32) (result i32)
    (select (i32.const 400) (i32.const 0) (i32.eq (local.get $length) (i32.const 1))))

  (func (export "hedgerow_load") (result i32)
    (global.set $status (select (i32.const 0) (i32.const 2) (i32.eq (i32.load8_u (i32.const 400)) (i32.const 1))))
    (global.get $status))

  (func (export "hedgerow_description") (result i32) (i32.const 8))

  ;; Rows begin at 1024; memory grows to hold 24 bytes a row, and 12 of output.
  (func (export "hedgerow_input") (param $rows i32) (param $bytes i32) (result i32)
    (local $pages i32)
    (if (i32.gt_u (local.get $rows) (i32.const 1000000)) (then (return (i32.const 0))))
    (global.set $rows (local.get $rows))
    (global.set $text (i32.add (i32.const 1024) (i32.mul (local.get $rows) (i32.const 16))))
    (local.set $pages (i32.sub
      (i32.add (i32.const 1) (i32.shr_u
        (i32.add (i32.add (global.get $text) (local.get $bytes)) (i32.mul (local.get $rows) (i32.const 12)))
        (i32.const 16)))
      (memory.size)))
    (if (i32.gt_s (local.get $pages) (i32.const 0)) (then (drop (memory.grow (local.get $pages)))))
    (i32.const 1024))

  ;; The outputs take the place of the numbers, and the classes that of the words: both are read before.
  (func (export "hedgerow_score") (result i32)
    (local $row i32) (local $x f64) (local $cell i32) (local $length i32)
    (loop $next
      (local.set $x (f64.load (i32.add (i32.const 1024) (i32.mul (local.get $row) (i32.const 8)))))
      (if (f64.eq (f64.abs (local.get $x)) (f64.const inf)) (then
        (global.set $status (i32.const 5))
        (global.set $row (local.get $row))
        (return (i32.const 5))))
      (local.set $cell (i32.add (i32.const 1024) (i32.mul (i32.add (global.get $rows) (local.get $row)) (i32.const 8))))
      (local.set $length (i32.load offset=4 (local.get $cell)))
      (f64.store
        (i32.add (i32.const 1024) (i32.mul (local.get $row) (i32.const 8)))
        (f64.add (local.get $x) (select
          (f64.const 1000)
          (f64.convert_i32_u (local.get $length))
          (i32.eq (local.get $length) (i32.const -1)))))
      (i32.store
        (i32.add (i32.const 1024) (i32.add (i32.mul (global.get $rows) (i32.const 8)) (i32.mul (local.get $row) (i32.const 4))))
        (if (result i32) (i32.or (i32.eqz (local.get $length)) (i32.eq (local.get $length) (i32.const -1)))
          (then (i32.const 0))
          (else (i32.load8_u (i32.add (global.get $text) (i32.load (local.get $cell)))))))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $row) (global.get $rows))))
    (i32.const 0))

  (func (export "hedgerow_output") (result i32) (i32.const 1024))

  (func (export "hedgerow_error") (result i32)
    (i32.store (i32.const 424) (global.get $status))
    (i32.store (i32.const 428) (global.get $row))
    (i32.store (i32.const 432) (select (i32.const 0) (i32.const -1) (i32.eq (global.get $status) (i32.const 5))))
    (i32.store (i32.const 436) (i32.const 320))
    (i32.store (i32.const 440) (i32.const 38))
    (i32.const 424)))
