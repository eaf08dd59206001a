import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { DescribeKeyPairsCommand, EC2Client } from '@aws-sdk/client-ec2'
import { makeAws } from '../../runner/connections/aws.ts'
import { environmentFor, startEmulator } from '../lab/emulator.ts'
import { table } from './table.ts'

/** `node test/bench/throttling.ts [calls]`: so many calls of one service, eight at a time, against an AWS that throttles. */
const calls = Number(process.argv[2] ?? 200)
const atATime = 8

interface Way {
  readonly name: string
  open(endpoint: string): Promise<{ readonly client: EC2Client; readonly close: () => void }>
}

const region = 'us-east-1'

function ofSdk(retryMode: 'standard' | 'adaptive'): Way {
  return {
    name: `the SDK's ${retryMode}, ten attempts`,
    open: (endpoint) => {
      const client = new EC2Client({ region, endpoint, retryMode, maxAttempts: 10 })
      return Promise.resolve({ client, close: () => client.destroy() })
    },
  }
}

const ours: Way = {
  name: 'the runner: ten attempts, a token bucket a service',
  async open(endpoint) {
    const aws = makeAws({
      playbook: 'bench',
      concurrency: atATime,
      signal: new AbortController().signal,
      sleep: (ms) => sleep(ms),
      clock: () => Date.now(),
      wanted: () => [],
    })
    const cloud = await aws.cloud({ region, endpoint }, { name: 'bench', status: () => undefined })
    return { client: await cloud.client('ec2'), close: () => aws.close() }
  },
}

/** An AWS in which something throttles, and how many attempts it has seen. */
interface Throttling {
  readonly name: string
  readonly endpoint: string
  begin(): void
  attempts(): number
  close(): Promise<void>
}

/** Three attempts of ten, whatever the rate, on the emulator. */
async function byChance(): Promise<Throttling> {
  const emulator = await startEmulator()
  return {
    name: 'three of ten, by chance',
    endpoint: emulator.endpoint,
    begin: () => {
      emulator.clear()
      emulator.troubles.begin([{ what: 'throttled', of: /./, share: 0.3 }])
    },
    attempts: () => emulator.calls()['ec2:DescribeKeyPairs'] ?? 0,
    close: () => emulator.close(),
  }
}

/** As EC2 does it: a bucket of 50 calls that gets 20 more each second (EC2 Developer Guide, Request throttling, has such numbers by kind of call). */
async function byBucket(): Promise<Throttling> {
  let [tokens, filled, seen] = [50, Date.now(), 0]
  const server = createServer((request, response) => {
    request.resume()
    seen += 1
    const now = Date.now()
    tokens = Math.min(50, tokens + ((now - filled) * 20) / 1000)
    filled = now
    const allowed = tokens >= 1
    if (allowed) tokens -= 1
    response.writeHead(allowed ? 200 : 503, { 'content-type': 'text/xml' })
    response.end(
      allowed
        ? '<DescribeKeyPairsResponse><requestId>r</requestId><keySet/></DescribeKeyPairsResponse>'
        : '<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error></Errors><RequestID>r</RequestID></Response>',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    name: 'a bucket of 50, 20 a second',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    begin: () => ([tokens, filled, seen] = [50, Date.now(), 0]),
    attempts: () => seen,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function measure(way: Way, throttling: Throttling): Promise<readonly string[]> {
  const { client, close } = await way.open(throttling.endpoint)
  throttling.begin()
  const began = performance.now()
  let [left, failed] = [calls, 0]
  const worker = async (): Promise<void> => {
    while (left-- > 0) await client.send(new DescribeKeyPairsCommand({})).catch(() => (failed += 1))
  }
  await Promise.all(Array.from({ length: atATime }, worker))
  close()
  const seconds = (performance.now() - began) / 1000
  return [throttling.name, way.name, `${seconds.toFixed(1)} s`, String(throttling.attempts()), String(failed)]
}

const { AWS_ENDPOINT_URL: _, ...environment } = environmentFor('')
Object.assign(process.env, environment)
const rows: (readonly string[])[] = []
for (const open of [byChance, byBucket]) {
  const throttling = await open()
  for (const way of [ofSdk('standard'), ofSdk('adaptive'), ours]) rows.push(await measure(way, throttling))
  await throttling.close()
}
process.stdout.write(table(['throttled', `${calls} calls by`, 'wall', 'attempts', 'failed'], rows))
