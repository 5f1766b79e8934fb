// A topic is followed over the page's socket: asked for until the house agrees, or the connection is lost.

import { follow } from "./wire.js";

const AGAIN = 3000; // milliseconds

// What was stored before, nobody tells us of: onFollowed asks for it, on the first connection too, since the page is older.
export async function followed(socket, topic, onFollowed) {
  const answer = await socket.ask(follow(topic));
  if (answer?.type === "done") return onFollowed();
  return answer && setTimeout(() => followed(socket, topic, onFollowed), (answer.retry_after ?? 0) * 1000 || AGAIN);
}
