import { mariadbProgram } from './databases/mariadb.ts'
import { prepareMysql } from './databases/mysql.ts'
import { pebbleImage } from './acme.ts'
import { missingParts, startEngine } from './docker.ts'
import { repositoryFiles } from './docker-repository.ts'
import { emulatorProgram } from './emulator.ts'
import { hostImageName } from './host.ts'
import { nodeImage } from './images.ts'
import { machineImage } from './machine-image.ts'
import { machineParts } from './machine.ts'
import { nfsImage } from './nfs-server.ts'
import { installed } from './packages.ts'
import { secondEmulator } from './second-emulator.ts'

/** Programs of the machine that tests use, with their packages. */
const programs = {
  ...machineParts,
  chromium: 'chromium',
  ip: 'iproute2',
  script: 'bsdutils',
  sshd: 'openssh-server',
  sudo: 'sudo',
}

/** Makes all that is made once for the lab, so that no test waits for it. */
export async function prepareLab(): Promise<void> {
  const missing = (await missingParts()) ?? (await installed(programs))
  if (missing !== undefined) throw new Error(missing)
  await Promise.all([
    emulatorProgram(),
    secondEmulator(),
    prepareMysql(),
    mariadbProgram(),
    machineImage(),
    nodeImage(),
    nfsImage(),
    pebbleImage(),
    ...(['bookworm', 'trixie'] as const).map(async (suite) => {
      await hostImageName(await startEngine(), suite)
      await repositoryFiles(suite)
    }),
  ])
}
