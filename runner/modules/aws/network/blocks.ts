/** Addresses as numbers: the first, and how many. */
interface Range {
  readonly from: number
  readonly size: number
}

export function rangeOf(cidr: string): Range {
  const [address = '', prefix = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(prefix))
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return { from: Math.floor(number / size) * size, size }
}

export function overlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)]
  return a.from < b.from + b.size && b.from < a.from + a.size
}

/** The network address, as AWS stores it: 10.0.0.5/16 is 10.0.0.0/16. */
export function normalCidr(cidr: string): string {
  return written(rangeOf(cidr).from, Number(cidr.split('/')[1]))
}

function written(from: number, prefix: number): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(from / 2 ** shift) % 256).join('.')}/${prefix}`
}

export interface Block {
  readonly public: string
  readonly private: string
}

/**
 * The places for zones in a network: a sixteenth of it is a subnet, no smaller than /28 (VPC User Guide, Subnet sizing); the first half is for public
 * ones, the second for private ones. What is where depends on nothing else, so that a zone more moves no subnet.
 */
export function blocksOf(cidr: string): readonly Block[] {
  const prefix = Number(cidr.split('/')[1])
  const more = Math.min(4, 28 - prefix)
  const { from } = rangeOf(cidr)
  const size = 2 ** (32 - prefix - more)
  const half = 2 ** (more - 1)
  const at = (index: number): string => written(from + index * size, prefix + more)
  return Array.from({ length: half }, (_, index) => ({ public: at(index), private: at(half + index) }))
}
