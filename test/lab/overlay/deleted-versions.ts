import { refusal, xml, type Rule } from './rule.ts'
import { elements, valueOf } from './xml.ts'

/**
 * Versions of launch templates are deleted one by one, each with an answer of its own; the default version is not (EC2 API Reference,
 * DeleteLaunchTemplateVersions); moto does not know the call.
 */
export function deletedVersions(): Rule {
  const gone = new Set<string>()
  return {
    because: 'EC2 API Reference: DeleteLaunchTemplateVersions',
    operations: ['ec2:DeleteLaunchTemplateVersions', 'ec2:DescribeLaunchTemplateVersions'],
    handle: async (call, next, ask) => {
      const id = call.parameters.get('LaunchTemplateId') ?? ''
      const asked = [...call.parameters]
        .filter(([key]) => key.startsWith('LaunchTemplateVersion.'))
        .map(([, version]) => version)
      if (call.operation === 'DescribeLaunchTemplateVersions') {
        const missing = asked.find((version) => gone.has(`${id} ${version}`))
        if (missing !== undefined)
          return refusal(call, 'InvalidLaunchTemplateId.VersionNotFound', `no version ${missing} of ${id}`)
        const answer = await next()
        const body = elements(elements(answer.body, 'launchTemplateVersionSet').join(''), 'item').reduce(
          (text, item) =>
            gone.has(`${valueOf(item, 'launchTemplateId')} ${valueOf(item, 'versionNumber')}`)
              ? text.replace(`<item>${item}</item>`, '')
              : text,
          answer.body,
        )
        return { ...answer, body }
      }
      if (asked.length > 200) return refusal(call, 'InvalidParameterValue', 'at most 200 versions')
      const { body } = await ask({
        service: 'ec2',
        parameters: { Action: 'DescribeLaunchTemplates', 'LaunchTemplateId.1': id },
      })
      const standard = valueOf(body, 'defaultVersionNumber')
      const latest = Number(valueOf(body, 'latestVersionNumber') ?? 0)
      const answers = asked.map((version) => {
        const code = gone.has(`${id} ${version}`) || Number(version) > latest ? 'launchTemplateVersionDoesNotExist' : ''
        const why = version === standard ? 'unexpectedError' : code
        if (why === '') gone.add(`${id} ${version}`)
        const item = `<launchTemplateId>${id}</launchTemplateId><versionNumber>${version}</versionNumber>`
        return {
          why,
          item: why === '' ? item : `${item}<responseError><code>${why}</code><message>no</message></responseError>`,
        }
      })
      const list = (name: string, done: boolean): string =>
        `<${name}>${answers.flatMap(({ why, item }) => ((why === '') === done ? `<item>${item}</item>` : [])).join('')}</${name}>`
      return xml(
        `<DeleteLaunchTemplateVersionsResponse>${list('successfullyDeletedLaunchTemplateVersionSet', true)}${list('unsuccessfullyDeletedLaunchTemplateVersionSet', false)}</DeleteLaunchTemplateVersionsResponse>`,
      )
    },
    reset: () => gone.clear(),
  }
}
