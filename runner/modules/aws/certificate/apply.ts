import { DeleteCertificateCommand, ImportCertificateCommand, RequestCertificateCommand } from '@aws-sdk/client-acm'
import type { Cloud } from '../../../connections/cloud.ts'
import { failure } from '../../../language/diagnostic.ts'
import type { Change } from '../../../plan/change.ts'
import type { Secret } from '../../../secret.ts'
import type { ArgsOf } from '../../module.ts'
import { ignoreMissing, isInUse, isMissing } from '../errors.ts'
import { tagList } from '../tags.ts'
import { applyValidation, removeValidation } from './apply-validation.ts'
import { ownCertificate, type Certificate } from './diff.ts'
import { bundleOf } from './pem.ts'
import { read } from './read.ts'
import type { args } from './schema.ts'

type Want = ArgsOf<typeof args>

/** Asks for a certificate, or brings one's own in: a renewed one under the ARN that listeners have. */
export async function apply(change: Change, want: Want, have: Certificate | undefined, cloud: Cloud): Promise<void> {
  const changes = (path: string): boolean => change.fields.some((field) => field.path === path)
  const own = ownCertificate(want) as string | undefined
  const anew = !have || change.action === 'replace'
  if (own !== undefined && (anew || changes('certificate'))) await bring(want, own, anew ? undefined : have.id, cloud)
  else if (own === undefined && anew) await request(want, have, cloud)
  if (!anew) for (const arn of have.replaced) await remove(arn, cloud)
  cloud.changed('acm:')
  await cloud.poll({
    what: `certificate ${want.name}`,
    every: 2,
    timeout: 120,
    look: async () => {
      if (await read(want, cloud)) return { done: true }
      cloud.changed('acm:')
      return { status: 'not visible yet' }
    },
  })
}

async function request(want: Want, have: Certificate | undefined, cloud: Cloud): Promise<void> {
  const domain = plain(want.domain ?? '')
  const alternatives = (want.alternatives ?? []).map(plain).filter((one) => one !== domain)
  const acm = await cloud.client('acm')
  await acm.send(
    new RequestCertificateCommand({
      DomainName: domain,
      ValidationMethod: 'DNS',
      ...(alternatives.length > 0 && { SubjectAlternativeNames: alternatives }),
      ...(want.key_algorithm !== undefined && { KeyAlgorithm: want.key_algorithm }),
      // for an hour AWS answers the same token with the same certificate
      IdempotencyToken: cloud
        .token(domain, ...alternatives, want.key_algorithm ?? '', have?.id ?? '', ...(have?.replaced ?? []))
        .slice(0, 32),
      Tags: tagList({ ...cloud.tags, Name: want.name }),
    }),
  )
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

async function bring(want: Want, own: string, arn: string | undefined, cloud: Cloud): Promise<void> {
  const { leaf, chain: following } = bundleOf(own)
  const chain = want.chain ?? following
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  const acm = await cloud.client('acm')
  await acm.send(
    new ImportCertificateCommand({
      Certificate: bytes(leaf),
      PrivateKey: bytes((want.private_key as unknown as Secret).reveal()),
      ...(chain !== '' && { CertificateChain: bytes(chain) }),
      // tags can only be given with the first one (InvalidParameterException else)
      ...(arn === undefined ? { Tags: tagList({ ...cloud.tags, Name: want.name }) } : { CertificateArn: arn }),
    }),
  )
}

const lost = ['FAILED', 'VALIDATION_TIMED_OUT', 'REVOKED', 'EXPIRED', 'INACTIVE']

function refuseLost({ status, reason }: Certificate, want: Want): void {
  if (!lost.includes(status)) return
  const said = reason === undefined ? status : `${status}, ${reason}`
  throw failure('E769', `the certificate ${want.name} was not issued: ${said}`, {
    hint: 'the ACM console names the domain; run apply again, which asks for another',
  })
}

/** Makes the record that proves the domain, where there is a zone for it, and waits until AWS has seen it. */
export async function ready(want: Want, have: Certificate, cloud: Cloud): Promise<Certificate> {
  let now = have
  refuseLost(now, want)
  if (now.pending !== undefined) {
    let proven = false
    now = await cloud.poll({
      what: `certificate ${want.name} to be issued`,
      every: 15,
      // AWS itself gives up after 72 hours; the run can be taken up again
      timeout: 3600,
      look: async () => {
        cloud.changed('acm:')
        const seen = await read(want, cloud)
        if (seen === undefined) return { status: 'not visible yet' }
        refuseLost(seen, want)
        if (seen.pending === undefined) return { done: seen }
        if (seen.validation.length === 0) return { status: 'AWS has not said yet how the domain is proven' }
        if (want.zone !== undefined && !proven) {
          await applyValidation(want.zone, seen.validation, cloud)
          proven = true
        }
        const records = seen.validation.map((one) => `${one.name} ${one.type} ${one.value}`)
        return { status: want.zone === undefined ? `make this DNS record: ${records.join('; ')}` : seen.status }
      },
    })
  }
  for (const arn of now.replaced) await remove(arn, cloud)
  if (now.replaced.length > 0) cloud.changed('acm:')
  return (await read(want, cloud)) ?? now
}

/** One that a listener still has stays: the next plan shows it as left over. */
async function remove(CertificateArn: string, cloud: Cloud): Promise<boolean> {
  const acm = await cloud.client('acm')
  try {
    await acm.send(new DeleteCertificateCommand({ CertificateArn }))
  } catch (error) {
    if (isInUse(error)) return false
    if (!isMissing(error)) throw error
  }
  return true
}

/** A load balancer lets go of its certificate some time after its own end. */
export async function destroy(want: Want, have: Certificate, cloud: Cloud): Promise<void> {
  for (const arn of [have.id, ...have.replaced])
    await cloud.poll({
      what: `certificate ${want.name} to be unused`,
      every: 10,
      timeout: 900,
      look: async () => ((await remove(arn, cloud)) ? { done: true } : { status: 'a load balancer still has it' }),
    })
  if (want.zone !== undefined) await removeValidation(want.zone, have.validation, cloud).catch(ignoreMissing)
  cloud.changed('acm:')
}
