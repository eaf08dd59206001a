import type { Updates } from '../../module.ts'

// EC2 API Reference, CreateImage, NoReboot: by default the instance is restarted, so that all that is buffered is in the image.
export const updates: Updates = {
  content: { disruption: 'restart', usual: 300 },
  instance: 'not compared',
  keep: 'not compared',
}
