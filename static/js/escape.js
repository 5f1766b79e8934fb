// What is open at the moment, newest last, so that Escape closes one thing at a time and leaves only when nothing is open.

const open = [];

// Say that something opened. The answer is a function to call when it has closed by other means.
export function opened(close) {
  open.push(close);
  return () => {
    const place = open.lastIndexOf(close);
    if (place >= 0) open.splice(place, 1);
  };
}

export function closeNewest() {
  const close = open.pop();
  close?.();
  return close !== undefined;
}
