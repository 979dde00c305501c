'use client'
import type { ReactElement } from 'react'
import type { FunctionAppWords } from '../../permissions/describeAppWords.js'
import type { UiMessages } from '../messages.js'
import type { AppWords as Words } from '../../permissions/appWords.js'

/** What the app calls a contract, its functions and what is pinned in them: as the app's own words, beside the facts. */
export function AppWords({ words: { contract, functions }, messages }: { words: Words; messages: UiMessages }): ReactElement {
  return (
    <div className="rsk-app-words">
      {contract.length > 0 && <p>{messages.appCallsContract(contract)}</p>}
      {functions.map((said, index) => (
        <FunctionWords key={index} said={said} messages={messages} />
      ))}
    </div>
  )
}

function FunctionWords({ said: { name, selector, intent, arguments: args }, messages }: { said: FunctionAppWords; messages: UiMessages }): ReactElement {
  return (
    <>
      {intent && <p>{messages.appCallsFunction({ name, selector, intent })}</p>}
      {args.length > 0 && (
        <>
          {!intent && <p>{messages.appCallsArguments({ name, selector })}</p>}
          <dl className="rsk-rows">
            {args.map(({ label, value }, index) => (
              <div key={index} className="rsk-row">
                <dt>{label}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ))}
          </dl>
          <details>
            <summary className="rsk-details-summary">{messages.appExactValues}</summary>
            <dl className="rsk-details-rows">
              {args.map(({ path, exact }, index) => (
                <div key={index} className="rsk-detail">
                  <dt>
                    <bdi dir="ltr">{path}</bdi>
                  </dt>
                  <dd>
                    <bdi dir="ltr">{exact}</bdi>
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        </>
      )}
    </>
  )
}
