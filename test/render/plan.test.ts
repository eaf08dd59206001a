import { expect } from 'chai'
import { widthOf } from '../../runner/render/escape.ts'
import { dearer, draw, entry, everything, field, planOf } from './plans.ts'

describe('renderPlan', () => {
  it('draws everything at 80 columns', () => {
    expect(draw(everything)).to.equal(`- Old queue  aws.thing
    it carries the tags of this playbook, which no longer names it
-/+ x\\x1b[2J\\u202ey\\x07  aws.thing
    size 1 → 2  # forces replacement, data loss
    note x\\x1b[2J\\u202ey\\x07 → x\\x1b[2J\\u202ey\\x07!
~ Configuration  system.file on web1, web2 and 3 more
    content (3 lines) → (4 lines), +2 -1  # restart
~ Web access  aws.security_group
    ingress
      ~ [1].from 0.0.0.0/0 → 10.0.0.0/8
      + {port: 443, from: 0.0.0.0/0}
    tags
      ~ owner a → b
      - old "1"
      + team web
! Reload  system.command on web1
    cmd "true"
? Access  aws.thing
    which one is not known: Network is created
+ Database  aws.db_cluster
    engine   mysql
    version  "8.4"
    subnets  (known after apply)
    password [secret]

1 to create, 6 to change, 1 to replace, 1 to delete, 1 to run, 1 not known yet,
1 unchanged.
`)
  })

  it('ends with how long it usually takes and what of it is long, where that is a minute or more', () => {
    const plan = planOf(entry('create', 'Database'), entry('create', 'Group'), entry('create', 'Image'))
    const critical = [
      { node: 'play/Group@aws', seconds: 3 },
      { node: 'play/Database@aws', seconds: 900 },
      { node: 'play/Image@aws', seconds: 300 },
    ]
    expect(draw({ ...plan, course: { seconds: 1203, critical } })).to.match(
      /\n3 to create\.\nUsually takes about 20\u00A0min \(Database 15\u00A0min → Image 5\u00A0min\)\.\n$/,
    )
    expect(draw({ ...plan, course: { seconds: 59, critical } })).to.match(/\n3 to create\.\n$/)
  })

  it('draws everything at 200 columns', () => {
    expect(draw(everything, { width: 200 })).to.equal(`- Old queue  aws.thing
    it carries the tags of this playbook, which no longer names it
-/+ x\\x1b[2J\\u202ey\\x07  aws.thing
    size 1 → 2  # forces replacement, data loss
    note x\\x1b[2J\\u202ey\\x07 → x\\x1b[2J\\u202ey\\x07!
~ Configuration  system.file on web1, web2 and 3 more
    content (3 lines) → (4 lines), +2 -1  # restart
~ Web access  aws.security_group
    ingress
      ~ [1].from 0.0.0.0/0 → 10.0.0.0/8
      + {port: 443, from: 0.0.0.0/0}
    tags
      ~ owner a → b
      - old "1"
      + team web
! Reload  system.command on web1
    cmd "true"
? Access  aws.thing
    which one is not known: Network is created
+ Database  aws.db_cluster
    engine   mysql
    version  "8.4"
    subnets  (known after apply)
    password [secret]

1 to create, 6 to change, 1 to replace, 1 to delete, 1 to run, 1 not known yet, 1 unchanged.
`)
  })

  it('says below the totals what it costs, at 80 and at 200 columns', () => {
    const head = `~ Group  aws.thing
    max_size 6 → 8
+ Balancer  aws.thing

1 to create, 1 to change.
`
    expect(draw(dearer)).to
      .equal(`${head}Cost: about +$16.43 a month, up to +$46.79 at the greatest sizes (list prices of
2026-07 to 2026-09, us-east-1). Not priced: x\\x1b[2J\\u202ey\\x07; what is billed
by use (data transfer, load balancer capacity units).
`)
    expect(draw(dearer, { width: 200 })).to
      .equal(`${head}Cost: about +$16.43 a month, up to +$46.79 at the greatest sizes (list prices of 2026-07 to 2026-09, us-east-1). Not priced: x\\x1b[2J\\u202ey\\x07; what is billed by use (data transfer, load balancer
capacity units).
`)
  })

  it('says of each object what it costs when asked for more', () => {
    const [, ...lines] = draw(dearer, { verbose: true }).split('capacity units).\n')
    expect(lines.join('')).to.equal(`  +$16.43  Balancer: 1 × load balancer application
  +$0.00 (+$30.37 at its greatest)  Group: 2 (at most 6 → 8) × ec2 t3.small
  not priced  Balancer: load balancer capacity units, billed by use
  not priced  Balancer: data transfer, billed by use
  not priced  Group: data transfer, billed by use
  not priced  Group: x\\x1b[2J\\u202ey\\x07, no price in us-east-1
`)
  })

  it('says what a plan costs only at its greatest, nothing, or less', () => {
    const cost = dearer.cost
    if (!cost) throw new Error('no cost')
    const says = (more: object): string =>
      draw({ ...planOf(), cost: { ...cost, unpriced: [], ...more } }, { width: 200 }).split('\n')[1] ?? ''
    expect(says({ difference: '0' })).to.equal(
      'Cost: the same at first, up to +$46.79 a month at the greatest sizes (list prices of 2026-07 to 2026-09, us-east-1).',
    )
    expect(says({ difference: '-1234.5', max: undefined, dates: { from: '2026-09-01', to: '2026-09-25' } })).to.equal(
      'Cost: about -$1,234.50 a month (list prices of 2026-09, us-east-1).',
    )
    expect(says({ entries: [], dates: undefined, unpriced: cost.unpriced.slice(0, 1) })).to.equal(
      'Cost: not priced: what is billed by use (load balancer capacity units).',
    )
  })

  it('draws everything at 20 columns', () => {
    expect(draw(everything, { width: 20 })).to.equal(`- Old queue  aws.th…
    it carries the
    tags of this
    playbook, which
    no longer names
    it
-/+ x\\x1b[2J\\u202ey…
    size 1 → 2
# forces replacement
      # data loss
    note
      …\\x07 → …\\x07!
~ Configuration  sy…
    content
      +2 -1
      # restart
~ Web access  aws.s…
    ingress
      ~ [1].from
        0.0… → 10.0…
      + {port: 443,…
    tags
      ~ owner a → b
      - old "1"
      + team web
! Reload  system.co…
    cmd "true"
? Access  aws.thing
    which one is not
    known: Network
    is created
+ Database  aws.db_…
    engine mysql
    version "8.4"
    subnets
      (known after …
    password
      [secret]

1 to create, 6 to
change, 1 to
replace, 1 to
delete, 1 to run, 1
not known yet, 1
unchanged.
`)
  })

  it('says that a host is not there yet', () => {
    expect(draw(planOf(entry('create', 'File', { where: 'template', assumed: true })))).to.contain(
      '+ File  aws.thing on template (not there yet)\n',
    )
  })

  it('folds the same change on several hosts, and no other', () => {
    const on = (where: string, after: number) =>
      entry('update', 'Limit', { where, module: 'system.file', fields: [field('size', 1, after)] })
    expect(draw(planOf(on('a', 2), on('b', 2), on('c', 3)))).to.equal(`~ Limit  system.file on a, b
    size 1 → 2
~ Limit  system.file on c
    size 1 → 3

3 to change.
`)
    expect(draw(planOf(...['a', 'b', 'c', 'd', 'e'].map((where) => on(where, 2))), { verbose: true })).to.contain(
      '~ Limit  system.file on a, b, c, d, e  playbooks/site.yml:12\n',
    )
  })

  it('counts what is unchanged, and says why only to those who ask', () => {
    const plan = planOf(entry('none', 'One', { why: 'another made it' }), entry('none', 'Two'))
    expect(draw(plan)).to.equal('Nothing to do: 2 things are as the playbook wants them.\n')
    expect(draw(plan, { verbose: true })).to.contain('  One: another made it\n')
    expect(draw(planOf(entry('none', 'One')))).to.equal('Nothing to do: 1 thing is as the playbook wants it.\n')
    expect(draw(planOf())).to.equal('Nothing to do: there is no task, or no host for one.\n')
  })

  it('says the totals as people would', () => {
    const many = [
      entry('create', 'a'),
      entry('create', 'b'),
      entry('update', 'c'),
      ...Array.from({ length: 40 }, (_, index) => entry('none', `n${index}`)),
    ]
    expect(draw(planOf(...many))).to.match(/\n2 to create, 1 to change, 40 unchanged\.\n$/)
  })

  it('fits every width, without a diff, to which each line is cut', () => {
    for (let width = 20; width <= 120; width++) {
      for (const line of draw(everything, { width }).split('\n'))
        expect(widthOf(line), `${JSON.stringify(line)} at ${width}`).to.be.at.most(width)
    }
  })

  it('lets no escape sequence through but its own colours', () => {
    const drawn = draw(everything, { colour: true, diff: true, verbose: true })
    expect(drawn.replaceAll(/\u001B\[\d+m/g, '')).not.to.match(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E]/)
    expect(drawn).to.contain('\u001B[31m')
    expect(draw(everything)).not.to.contain('\u001B')
  })
})
