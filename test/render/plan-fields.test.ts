import { expect } from 'chai'
import { draw, entry, evil, field, planOf } from './plans.ts'

describe('fields of a plan', () => {
  it('draws texts as unified diffs when asked to', () => {
    const plan = planOf(
      entry('update', 'File', { where: 'web1', fields: [field('content', 'a\nb\n', `a\n\tB ${evil}`)] }),
      entry('create', 'New', { where: 'web1', fields: [field('content', undefined, 'one\ntwo\n')] }),
    )
    expect(draw(plan, { diff: true })).to.equal(`~ File  aws.thing on web1
    content (2 lines) → (2 lines), +1 -1
      @@ -1,2 +1,2 @@
       a
      -b
      +	B x\\x1b[2J\\u202ey\\x07
      \\ No newline at end of file
+ New  aws.thing on web1
    content (2 lines)
      @@ -0,0 +1,2 @@
      +one
      +two

1 to create, 1 to change.
`)
  })

  it('cuts long values, around what differs, unless asked for all', () => {
    const image = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/bookstore:1.2.'
    const plan = planOf(entry('update', 'App', { fields: [field('image', `${image}3`, `${image}4`)] }))
    const end = `…${image.slice(-31)}`
    expect(draw(plan)).to.contain(`    image ${end}3 → ${end}4\n`)
    expect(draw(plan, { diff: true })).to.contain(`    image ${image}3 → ${image}4\n`)
  })

  it('shows members of what does not fit on a line', () => {
    const tags = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`tag${index}`, `value ${index}`]))
    const plan = planOf(entry('create', 'App', { fields: [field('tags', undefined, tags)] }))
    const drawn = draw(plan)
    expect(drawn).to.contain('    tags\n      tag0 value 0\n      tag1 value 1\n')
    expect(drawn).to.contain('      tag11 value 11\n      … and 3 more (--diff)\n')
    expect(draw(plan, { diff: true })).to.contain('      tag14 value 14\n')
  })

  it('tells texts from numbers, truth values and nothing', () => {
    const plan = planOf(
      entry('update', 'App', {
        fields: [field('a', '8', 8), field('b', '', null), field('c', 'true', true), field('d', undefined, ' x')],
      }),
    )
    expect(draw(plan)).to.contain(`    a "8" → 8
    b "" → null
    c "true" → true
    d (not set) → " x"
`)
  })

  it('says which leaf of a list or map is not known, and that an order changed', () => {
    const plan = planOf(
      entry('update', 'App', {
        fields: [
          field('env', { A: '1', B: '2' }, { A: '(known after apply)', B: '2' }, { known: false }),
          field('order', ['a', 'b'], ['b', 'a']),
        ],
      }),
    )
    expect(draw(plan)).to.contain(`    env
      ~ A "1" → (known after apply)
    order [a, b] → [b, a]
`)
  })

  it('shows no secret that was, even if a module gave its text', () => {
    const plan = planOf(
      entry('update', 'App', {
        fields: [
          field('password', 'hunter2', '[secret]', { sensitive: true }),
          field('content', 'password=hunter2\nport=1\n', '[secret]', { sensitive: true }),
          field(
            'env',
            { PORT: 80, PASSWORD: 'hunter2', GONE: 'hunter2' },
            { PORT: 80, PASSWORD: '[secret]', NEW: 'x' },
            { sensitive: true },
          ),
          field('keys', ['hunter2', 'a'], ['[secret]', 'a'], { sensitive: true }),
        ],
      }),
    )
    for (const options of [{}, { diff: true }, { verbose: true }, { width: 20 }])
      expect(draw(plan, options)).not.to.contain('hunter2')
    expect(draw(plan)).to.contain(`    password [secret] → [secret]
    content  [secret] → [secret]
    env
      ~ PASSWORD [secret] (perhaps)
      - GONE [secret]
      + NEW x
    keys
      - [secret]
      + [secret]
`)
  })
})
