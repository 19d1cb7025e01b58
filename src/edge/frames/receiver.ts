import { BlockAssembly, dependsOn } from './block-assembly.ts';
import type { Core } from './core.ts';
import { TOO_MANY_RESETS } from './core.ts';
import * as error from './error-code.ts';
import { FrameReader, type FrameTaker, type Taking } from './frame-reader.ts';
import { frameProblem } from './frame-rules.ts';
import * as frame from './frame-type.ts';
import { Decoder } from './hpack/decoder.ts';
import { FieldList } from './hpack/field-list.ts';
import type { Stream } from './stream.ts';

/** The receiving direction of a connection: judges each frame by what has come before it (RFC 9113 §5 and §6), and tells the handler. */
export class Receiver<Handler> implements FrameTaker {
  readonly #core: Core<Handler>;
  readonly #reader = new FrameReader(this);
  readonly #decoder = new Decoder();
  readonly #block = new BlockAssembly();
  /** Whether the peer's settings have come, which are the first that it says. */
  #greeted = false;
  /** The stream whose DATA is being read; undefined for what is passed over. */
  #stream: Stream<Handler> | undefined;
  /** Bytes of that frame that have not been handed on, and those of them that were data. */
  #left = 0;
  #some = false;

  constructor(core: Core<Handler>) {
    this.#core = core;
  }

  get stopped(): boolean {
    return this.#core.stopped;
  }

  /** Whether a frame or a header block has begun and not ended, or nothing has come yet. */
  get midway(): boolean {
    return !this.#greeted || this.#reader.midway || this.#block.streamId !== 0;
  }

  read(bytes: Buffer, from: number, to: number): void {
    this.#reader.read(bytes, from, to);
  }

  begun(): Taking {
    const reader = this.#reader;
    if (this.#isOutOfPlace()) return this.#stop(error.PROTOCOL_ERROR, 'a frame is out of place');
    const problem = frameProblem(reader);
    if (problem === error.FRAME_SIZE_ERROR) return this.#stop(problem, 'a frame has a size that it may not have');
    if (problem !== error.NO_ERROR) return this.#stop(problem, 'a frame is on a stream where it may not be');
    if (reader.type === frame.DATA) return this.#beginData(reader.streamId, reader.length);
    if (reader.type <= frame.CONTINUATION) return 'whole';
    return this.#core.spend('idle', 'too many frames of no use') ? 'skip' : 'stop';
  }

  padded(): void {
    const empty = this.#reader.length === 0;
    this.#core.fail(empty ? error.FRAME_SIZE_ERROR : error.PROTOCOL_ERROR, 'padding is longer than its frame');
  }

  data(bytes: Buffer, from: number, to: number, last: boolean): void {
    const { inflow, handler } = this.#core;
    const stream = this.#stream;
    const length = to - from;
    this.#left -= length;
    if (length > 0) this.#some = true;
    const ends = last && (this.#reader.flags & frame.END_STREAM) !== 0;
    if (stream === undefined) return inflow.passedOver(last ? length + this.#left : length);
    // As a stream closes, all of the frame that it is in the middle of is counted.
    if (stream.closed) return;
    if (last && this.#left > 0) inflow.read(stream, this.#left);
    if (last && !this.#some && !ends && !this.#core.spend('empty', 'too many DATA frames without data')) return;
    stream.remoteEnded = ends;
    if (length > 0 || ends) handler.data(stream, bytes, from, to);
    this.#endIfDone(stream);
  }

  payload(bytes: Buffer, from: number, to: number): void {
    const { type, streamId } = this.#reader;
    switch (type) {
      case frame.HEADERS:
        return this.#took(this.#block.begin(this.#reader, bytes, from, to), streamId);
      case frame.CONTINUATION:
        return this.#took(this.#block.go(this.#reader, bytes, from, to), streamId);
      case frame.PRIORITY:
        return this.#priority(dependsOn(bytes, from), streamId);
      case frame.RST_STREAM:
        return this.#peerReset(streamId, bytes.readUInt32BE(from));
      case frame.SETTINGS:
        return this.#settings(bytes, from, to);
      case frame.PING:
        return this.#ping(bytes, from);
      case frame.GOAWAY:
        return this.#goneAway(bytes.readUInt32BE(from) & frame.STREAM_ID_MAX, bytes.readUInt32BE(from + 4));
      case frame.WINDOW_UPDATE:
        return this.#windowUpdate(streamId, bytes.readUInt32BE(from) & frame.WINDOW_BYTES_MAX);
      default:
        // We have said that we take no pushes, and clients may not send any.
        return this.#core.fail(error.PROTOCOL_ERROR, 'a push that nobody takes');
    }
  }

  /** Before anything else there are the peer's settings (§3.4); within a header block there is nothing but the rest of it (§6.10). */
  #isOutOfPlace(): boolean {
    const { type, flags, streamId } = this.#reader;
    if (!this.#greeted) return type !== frame.SETTINGS || (flags & frame.ACK) !== 0;
    if (this.#block.streamId === 0) return type === frame.CONTINUATION;
    return type !== frame.CONTINUATION || streamId !== this.#block.streamId;
  }

  #beginData(id: number, length: number): Taking {
    const { inflow, streams } = this.#core;
    this.#stream = undefined;
    this.#left = length;
    this.#some = false;
    if (!inflow.came(length))
      return this.#stop(error.FLOW_CONTROL_ERROR, 'more data than the window of the connection');
    const stream = streams.open.get(id);
    if (stream === undefined) return this.#isUnderWay(id) ? 'pieces' : 'stop';
    if (stream.remoteEnded) this.#core.streamError(stream, error.STREAM_CLOSED);
    else if (!stream.headed) this.#core.streamError(stream, error.PROTOCOL_ERROR);
    else {
      this.#stream = stream;
      if (!inflow.cameOn(stream, length)) this.#core.streamError(stream, error.FLOW_CONTROL_ERROR);
    }
    return this.stopped ? 'stop' : 'pieces';
  }

  /** Whether a frame on a stream that is not open was under way as we reset it; the connection fails where it was not. */
  #isUnderWay(id: number): boolean {
    const absent = this.#core.streams.absent(id);
    if (absent === 'reset-here') return true;
    const ended = absent === 'ended';
    this.#core.fail(ended ? error.STREAM_CLOSED : error.PROTOCOL_ERROR, `a frame on a stream that is ${absent}`);
    return false;
  }

  /** A part of a header block has been taken: perhaps it is whole now. */
  #took(code: number, streamId: number): void {
    if (code !== error.NO_ERROR) return this.#core.fail(code, 'a header block in frames that are none, or too many');
    if (this.#block.streamId === 0) this.#headers(streamId);
  }

  #headers(id: number): void {
    const { streams, handler } = this.#core;
    const stream = streams.open.get(id) ?? this.#opened(id);
    if (this.stopped || !this.#decode()) return;
    const { ends, selfDependent } = this.#block;
    if (typeof stream === 'number') {
      if (stream !== error.NO_ERROR) this.#core.refuse(id, stream);
      return;
    }
    if (stream.remoteEnded) return this.#core.streamError(stream, error.STREAM_CLOSED);
    // Trailers are the last of their stream (§8.1).
    if (selfDependent || (stream.headed && !ends)) return this.#core.streamError(stream, error.PROTOCOL_ERROR);
    stream.remoteEnded = ends;
    if (!stream.headed) this.#core.requested();
    handler.headers(stream, LIST);
    // Of a request there is one head; behind interim answers there is another one, which the handler knows.
    if (this.#core.own.role === 'server') stream.headed = true;
    this.#endIfDone(stream);
  }

  /** A stream for a header block on one that is not open. An error code where it is not taken: `NO_ERROR` to pass it over. */
  #opened(id: number): Stream<Handler> | number {
    const { own, streams, takenUpTo } = this.#core;
    if (own.role === 'client' || !streams.isPeers(id) || id <= streams.peerLast) {
      this.#isUnderWay(id);
      return error.NO_ERROR;
    }
    if (id > takenUpTo) {
      streams.refuse(id);
      return error.NO_ERROR;
    }
    return streams.peerOpen >= own.streamsMax ? error.REFUSED_STREAM : this.#core.add(id);
  }

  /** Every block is decoded, since it changes the table, whatever becomes of its stream (§4.3). */
  #decode(): boolean {
    const { headerListBytesMax, headerListBytesHardMax } = this.#core.own;
    const { bytes, from, to } = this.#block;
    LIST.begin(headerListBytesMax, headerListBytesHardMax);
    const code = this.#decoder.decode(bytes, from, to, LIST);
    this.#block.done();
    if (code === error.NO_ERROR) return true;
    this.#core.fail(
      code,
      code === error.COMPRESSION_ERROR ? 'a header block is not valid' : 'a header list is too large',
    );
    return false;
  }

  #priority(on: number, id: number): void {
    if (on === id) this.#core.fail(error.PROTOCOL_ERROR, 'a stream depends on itself');
    else this.#core.spend('idle', 'too many priorities');
  }

  #peerReset(id: number, code: number): void {
    const { streams, handler } = this.#core;
    const stream = streams.open.get(id);
    if (stream === undefined && streams.absent(id) === 'idle') this.#isUnderWay(id);
    if (!this.#core.spend('reset', TOO_MANY_RESETS) || stream === undefined) return;
    this.#core.remove(stream, 'ended');
    handler.reset(stream, code);
  }

  #settings(bytes: Buffer, from: number, to: number): void {
    const { peer, out } = this.#core;
    this.#greeted = true;
    if ((this.#reader.flags & frame.ACK) !== 0) {
      return this.#core.settle();
    }
    if (!this.#core.spend('settings', 'too many settings')) return;
    const before = peer.windowBytes;
    const code = peer.take(bytes, from, to);
    if (code !== error.NO_ERROR) return this.#core.fail(code, 'a setting has a value that it may not have');
    if (peer.tableBytesMin !== -1) {
      out.encoder.limit(peer.tableBytesMin);
      out.encoder.limit(peer.tableBytes);
    }
    out.writer.settingsAck();
    this.#core.output();
    if (peer.windowBytes !== before) this.#shiftWindows(peer.windowBytes - before);
  }

  /** A new initial size holds for the streams that there are, too (§6.9.2). */
  #shiftWindows(by: number): void {
    const { streams, out } = this.#core;
    for (const stream of streams.open.values()) {
      if (!out.widen(stream, by)) return this.#core.fail(error.FLOW_CONTROL_ERROR, 'a window is too large');
    }
  }

  #ping(bytes: Buffer, from: number): void {
    if (!this.#core.spend('ping', 'too many pings') || (this.#reader.flags & frame.ACK) !== 0) return;
    this.#core.out.writer.ping(bytes, from, frame.ACK);
    this.#core.output();
  }

  #goneAway(lastStreamId: number, code: number): void {
    if (this.#core.spend('idle', 'too many farewells')) this.#core.handler.goneAway(lastStreamId, code);
  }

  #windowUpdate(id: number, by: number): void {
    const { streams, out } = this.#core;
    if (!this.#core.spend('window', 'too many small windows')) return;
    if (id === 0) {
      if (by === 0) this.#core.fail(error.PROTOCOL_ERROR, 'a window is opened by nothing');
      else if (!out.widenAll(by)) this.#core.fail(error.FLOW_CONTROL_ERROR, 'a window is too large');
      return;
    }
    const stream = streams.open.get(id);
    if (stream === undefined) {
      // It may still come for a stream that has closed (§5.1).
      if (streams.absent(id) === 'idle') this.#isUnderWay(id);
    } else if (by === 0) this.#core.streamError(stream, error.PROTOCOL_ERROR);
    else if (!out.widen(stream, by)) this.#core.streamError(stream, error.FLOW_CONTROL_ERROR);
  }

  #endIfDone(stream: Stream<Handler>): void {
    if (stream.remoteEnded && stream.localEnded && !stream.closed) this.#core.remove(stream, 'ended');
  }

  #stop(code: number, cause: string): 'stop' {
    this.#core.fail(code, cause);
    return 'stop';
  }
}

/** The fields of the block that was last read, of whatever connection of the thread. */
const LIST = new FieldList();
