/**
 * Loaded into the bundler before it starts (`node --import`). It would listen on every interface of the machine, and cannot be told
 * otherwise; here it listens on the loopback only, and says to whoever started it on which port.
 */
import { Server } from 'node:net'

const { listen } = Server.prototype

Server.prototype.listen = function (options, ...others) {
  this.once('listening', () => process.send?.({ port: this.address().port }))
  return listen.call(this, typeof options === 'object' ? { ...options, host: '127.0.0.1' } : options, ...others)
}
