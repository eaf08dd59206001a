import { xml, type Rule } from './rule.ts'

/** What instances print: set by a test; else that they have started without naming host keys, as an image without cloud-init would. */
export interface Consoles {
  text: (instance: string) => string | undefined
}

/** GetConsoleOutput gives base64 of what the instance printed, nothing at first (EC2 API Reference); moto gives one text for all. */
export function consoleOutput(consoles: Consoles): Rule {
  return {
    because: 'EC2 API Reference: GetConsoleOutput',
    operations: ['ec2:GetConsoleOutput'],
    handle: ({ parameters }) => {
      const id = parameters.get('InstanceId') ?? ''
      const output = Buffer.from(consoles.text(id) ?? 'host login: ').toString('base64')
      return Promise.resolve(
        xml(
          `<GetConsoleOutputResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>lab</requestId><instanceId>${id}</instanceId><timestamp>${new Date().toISOString()}</timestamp><output>${output}</output></GetConsoleOutputResponse>`,
        ),
      )
    },
  }
}
