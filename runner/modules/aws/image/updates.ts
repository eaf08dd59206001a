import type { Updates } from '../../module.ts'

// EC2 API Reference, CreateImage: the instance is restarted unless NoReboot is set.
export const updates: Updates = {
  content: { disruption: 'restart', usual: 300 },
  instance: 'create only',
  keep: { disruption: 'none', usual: 5 },
}
