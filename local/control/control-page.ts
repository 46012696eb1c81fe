/** The page of a run's control. It takes the key from the part of its address that no request carries. */
export const controlPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Local run: Customer Insights connector</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem; }
  h1 { font-size: 1.3rem; } h2 { font-size: 1.05rem; margin-top: 1.6rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
  button, select, input { font: inherit; padding: .2rem .6rem; }
  pre { overflow-x: auto; background: #8881; padding: .6rem; }
  [role=alert] { color: #b00020; }
</style>
<h1>Local run of the Customer Insights connector</h1>
<p id="clock">Loading …</p>
<p role="alert" id="problem"></p>
<h2>Clock</h2>
<p><button data-ms="60000">1 minute ahead</button> <button data-ms="3600000">1 hour ahead</button>
   <button data-ms="86400000">1 day ahead</button></p>
<h2>Flows</h2>
<table><thead><tr><th>Flow<th>State<th>Accepted<th>Refused<th>Do</tr></thead><tbody id="flows"></tbody></table>
<form id="add"><p><label>Add a flow on <select id="trigger" name="trigger"></select></label> <button>Add</button></p></form>
<h2>Stories</h2>
<ul id="stories"></ul>
<h2>A user's token</h2>
<p><label>User <select id="user"></select></label> <button id="token">Show a token</button></p>
<pre id="result" aria-live="polite" hidden></pre>
<h2>The last events</h2>
<pre id="callbacks"></pre>
<p>Customer Insights has a control of its own: <a id="simulator" href="">its actions as JSON</a>.</p>
<script>
  const key = new URLSearchParams(location.hash.slice(1)).get('key') ?? '';
  const at = (id) => document.getElementById(id);
  const call = async (path, body) => {
    const response = await fetch(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: 'Bearer ' + key, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
  };
  const act = async (path, body, show) => {
    at('problem').textContent = '';
    try {
      const answer = await call(path, body);
      if (show) { at('result').hidden = false; at('result').textContent = show(answer); }
    } catch (error) { at('problem').textContent = error.message; }
    await refresh();
  };
  const button = (text, path, body, show) => {
    const made = document.createElement('button');
    made.textContent = text;
    made.onclick = () => act(path, body, show);
    return made;
  };
  const refresh = async () => {
    let state;
    try { state = await call('/state'); } catch (error) { at('problem').textContent = error.message; return; }
    at('clock').textContent = 'The clock of this run says ' + state.now.replace('T', ' ').slice(0, 19) + ' UTC'
      + (state.aheadMs > 1000 ? ', ' + Math.round(state.aheadMs / 1000) + ' s ahead of the real time.' : '.');
    if (state.mode === 'real') { at('problem').textContent = 'This run works on a real instance; nothing can be changed here.'; return; }
    at('simulator').href = state.simulator;
    at('flows').replaceChildren(...state.flows.filter((flow) => flow.state !== 'deleted').map((flow) => {
      const row = document.createElement('tr');
      for (const text of [flow.name, flow.state, flow.accepted, flow.refused]) row.insertCell().textContent = text;
      const name = flow.name;
      row.insertCell().append(...(flow.state === 'on'
        ? [button('Switch off', '/flows/off', { name }), button('Answer 404', '/flows/answer', { name, answer: '404' }),
           button('Answer 429', '/flows/answer', { name, answer: '429' }), button('Answer 500', '/flows/answer', { name, answer: '500' })]
        : [button('Switch on', '/flows/on', { name })]), button('Delete', '/flows/delete', { name }));
      return row;
    }));
    if (at('trigger').options.length === 0) {
      at('trigger').append(...state.triggers.map(({ operationId, summary }) => new Option(summary, operationId)));
      at('user').append(...state.users.map((user) => new Option(user, user)));
      at('stories').append(...state.stories.map(({ name, title }) => {
        const item = document.createElement('li');
        item.append(button('Play', '/stories', { name }, (answer) => answer.lines.join('\\n')), ' ' + title);
        return item;
      }));
    }
    at('callbacks').textContent = state.callbacks.slice(-5).reverse().map((callback) =>
      new Date(callback.receivedAt).toISOString() + '  ' + callback.flow + ': ' + callback.status + '\\n' + JSON.stringify(callback.payload, null, 2)).join('\\n\\n')
      || 'None yet.';
  };
  for (const made of document.querySelectorAll('[data-ms]')) made.onclick = () => act('/clock/advance', { ms: Number(made.dataset.ms) });
  at('add').onsubmit = (event) => { event.preventDefault(); act('/flows/add', { trigger: at('trigger').value }); };
  at('token').onclick = () => act('/token', { user: at('user').value }, (answer) => 'curl -H "Authorization: Bearer ' + answer.token + '" ' + answer.api + '/v1/datasets');
  refresh();
  setInterval(refresh, 5000);
</script>
</html>
`;
