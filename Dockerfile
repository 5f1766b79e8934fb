# The image that every service of docker-compose.yml of ours runs. It holds no secret and writes nowhere.
FROM python:3.13-slim-bookworm AS built
WORKDIR /srv/peerchat
COPY requirements.lock ./
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
# The key is for these commands only: collecting files signs nothing.
RUN .venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation --editable . \
 && export PEERCHAT_SECRET_KEY=not-a-secret \
 && .venv/bin/peerchat words \
 && .venv/bin/peerchat collectstatic --no-input --verbosity 0 \
 && .venv/bin/python -m compileall -q accounts peerchat rooms vault

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin peerchat
COPY --from=built /srv/peerchat /srv/peerchat
WORKDIR /srv/peerchat
RUN chmod 755 var
ENV PATH=/srv/peerchat/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/is_healthy.py"]
CMD ["peerchat", "serve"]
