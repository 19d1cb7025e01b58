import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { endLingering } from '../client/lingering-end.ts';
import { afterAnswers } from '../client/turns.ts';
import { ownAnswerBytes, refusalAnswer } from '../message/answer.ts';

/**
 * A gateway opens no tunnels: a CONNECT is refused, in its turn. Node has let go of the socket by now, so that whatever happens on it until
 * then has to be looked after here.
 */
export function onConnect(_request: IncomingMessage, socket: Socket): void {
  socket.on('error', () => socket.destroy());
  socket.once('end', () => socket.destroy());
  // A connection that nobody reads from does not tell that its other side has gone.
  socket.resume();
  afterAnswers(socket, () => {
    socket.write(ownAnswerBytes(refusalAnswer(405, 'this is a gateway, it opens no tunnels')));
    endLingering(socket);
  });
}
