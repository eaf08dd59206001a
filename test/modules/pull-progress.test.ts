import { expect } from 'chai'
import { progress } from '../../runner/modules/docker/pull-progress.ts'

describe('the progress of images', () => {
  /** What is told after the last of these lines. */
  const after = (text: string): string | undefined => {
    let state: unknown
    let told: string | undefined
    for (const line of text.split('\n')) {
      const far = progress(line, state)
      if (far) [state, told] = [far.state, far.text]
    }
    return told
  }

  it('is that of the layers, as `docker pull` says it', () => {
    expect(after('1.27: Pulling from library/nginx')).to.equal(undefined)
    expect(
      after('0a1b2c3d4e5f: Pulling fs layer\n1a1b2c3d4e5f: Already exists\n0a1b2c3d4e5f: Verifying Checksum'),
    ).to.equal('pulled 1 of 2 layers')
    expect(after('0a1b2c3d4e5f: Pulling fs layer\n0a1b2c3d4e5f: Pull complete\nDigest: sha256:1')).to.equal(
      'pulled 1 of 1 layers',
    )
  })

  it('is that of the bytes, too, as Compose says it', () => {
    const begun =
      ' web Pulling \n 0a1b2c3d4e5f Pulling fs layer \n 1a1b2c3d4e5f Waiting \n 0a1b2c3d4e5f Downloading [==>      ]  1.5MB/29.5MB\n 1a1b2c3d4e5f Downloading [>  ]  500kB/1MB'
    expect(after(begun)).to.equal('pulled 0 of 2 layers, 2.0 of 30.5 MB')
    expect(after(`${begun}\n 0a1b2c3d4e5f Download complete \n 0a1b2c3d4e5f Extracting [=>  ]  2MB/29.5MB`)).to.equal(
      'pulled 0 of 2 layers, 30.0 of 30.5 MB',
    )
    expect(after(`${begun}\n 0a1b2c3d4e5f Pull complete \n web Pulled`)).to.equal(
      'pulled 1 of 2 layers, 30.0 of 30.5 MB',
    )
    expect(
      after(' 0a1b2c3d4e5f Pulling fs layer 0B\n 0a1b2c3d4e5f Downloading 1.5MB\n 0a1b2c3d4e5f Download complete 0B'),
    ).to.equal('pulled 0 of 1 layers, 1.5 MB')
  })
})
