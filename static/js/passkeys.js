// Passkeys: asks the browser to make one or to use one, and sends what it answers with the form.
// A form says which by data-passkey ("make" or "ask"). The options are in the page, or fetched from where the form goes.

const OPTIONS = "passkey-options"; // the page's JSON block

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form);
  });
}

async function answer(form) {
  const status = form.querySelector("[data-passkey-status]");
  status.hidden = true;
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    say(status, status.dataset.unsupported);
    return;
  }
  try {
    const credential = await (form.dataset.passkey === "make" ? make() : ask(form));
    form.elements.credential.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch {
    say(status, status.dataset.failed);
  }
}

async function make() {
  const { publicKey } = inPage().creation_options;
  // Kept on the device and opened by finger, face or PIN: then it is two factors in one, and signs in without a password.
  publicKey.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
}

async function ask(form) {
  const { publicKey } = (inPage() ?? await fetched(form.action)).request_options;
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

function inPage() {
  const block = document.getElementById(OPTIONS);
  return block && JSON.parse(block.textContent);
}

async function fetched(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    throw new Error(`passkey options: ${response.status}`);
  }
  return response.json();
}

function say(status, words) {
  status.hidden = false;
  status.textContent = words;
}
