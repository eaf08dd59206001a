import type { Updates } from '../../module.ts'

// EC2 API Reference: no call changes an imported key, so that another one is another pair; what runs keeps the key that it was started with.
export const updates: Updates = {
  public_key: { disruption: 'replace', usual: 5 },
}
