"use strict";
/* The forms of a policy: a button for each, and one that copies the form that is shown. Made when a function is opened. */
(() => {
  function buttonOf(text, done) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", done);
    return button;
  }

  function select(text) {
    const range = document.createRange();
    range.selectNodeContents(text);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }

  /* A browser may refuse the clipboard to a page from a folder; then the text is selected for the keyboard. */
  async function copy(text, said) {
    try {
      await navigator.clipboard.writeText(text.textContent);
      said.textContent = "Copied";
    } catch {
      select(text);
      let done = false;
      try { done = document.execCommand("copy"); } catch { /* then by hand */ }
      said.textContent = done ? "Copied" : "Selected: press Ctrl+C to copy";
    }
  }

  function prepare(box) {
    if (box.dataset.prepared) return;
    box.dataset.prepared = "yes";
    const forms = [...box.querySelectorAll(":scope > .form")];
    const tools = document.createElement("div"), said = document.createElement("output");
    tools.className = "tools";
    let shown = null;
    const choices = forms.map((form) => {
      const button = buttonOf(form.dataset.form, () => choose(form));
      const summary = form.querySelector(":scope > summary");
      if (summary) summary.hidden = true;
      form.open = true;
      return button;
    });
    function choose(form) {
      shown = form;
      said.textContent = "";
      forms.forEach((each, number) => {
        each.hidden = each !== form;
        choices[number].setAttribute("aria-pressed", String(each === form));
      });
      copyButton.textContent = `Copy ${form.dataset.form}`;
    }
    const copyButton = buttonOf("Copy", () => copy(shown.querySelector("code"), said));
    tools.append(...(forms.length > 1 ? choices : []), copyButton, said);
    box.prepend(tools);
    choose(forms[0]);
  }

  document.addEventListener("toggle", (event) => {
    if (event.target.matches(".function[open]")) for (const box of event.target.querySelectorAll(".policies")) prepare(box);
  }, true);
})();
