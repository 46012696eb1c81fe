"""An AWS account on this machine: moto, and the resource types of our templates that it does not have.

Those are made through boto3 against the same server, so that botocore checks each property by the API's own model. What
differs from AWS in a way that a deployment would see is corrected below, each with its reason.
Usage: emulator.py <port> <file: while it exists, authorizers are refused> <Node.js, which runs custom resources>
"""

import http.server
import io
import json
import os
import random
import string
import subprocess
import sys
import tempfile
import threading
import zipfile

import boto3
from botocore.validate import ParamValidator
from moto.awslambda.utils import get_backend as lambda_backend
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.cloudformation.models import ChangeSet, CloudFormationBackend, Stack
from moto.cloudformation.parsing import ResourceMap
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult

PORT = int(sys.argv[1])
REFUSE_AUTHORIZERS = sys.argv[2]
NODE = sys.argv[3]


def client(service, region):
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=f"http://127.0.0.1:{PORT}",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )


def random_name():
    return "".join(random.choice(string.ascii_uppercase + string.digits) for _ in range(12))


# Whether the change set that is executed may take over what is there already under the same name.
IMPORTING = {"existing": False}

# A reference that nothing else holds would be collected, and with it the subclass that moto finds by its base class.
KINDS = []


def kind(cfn_type, name_property=""):
    """Declares a resource type by a class with make(), and perhaps change(), remove() or end(), and replaced_with."""

    def declare(functions):
        class Kind(CloudFormationModel):
            # moto looks at the name of the module for the service.
            __module__ = "moto.more.models"

            def __init__(self, physical_id, attributes, properties):
                self.physical_resource_id = physical_id
                self.attributes = attributes
                self.properties = properties

            def is_created(self):
                return True

            @staticmethod
            def cloudformation_name_type():
                return name_property

            @staticmethod
            def cloudformation_type():
                return cfn_type

            @classmethod
            def has_cfn_attr(cls, attribute):
                return True

            def get_cfn_attribute(self, name):
                if name in self.attributes:
                    return self.attributes[name]
                raise UnformattedGetAttTemplateException()

            @classmethod
            def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
                properties = cloudformation_json.get("Properties", {})
                return cls(*functions.make(properties, resource_name, region_name), properties)

            @classmethod
            def update_from_cloudformation_json(
                cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
            ):
                properties = cloudformation_json.get("Properties", {})
                for name in getattr(functions, "replaced_with", ()):
                    if original_resource.properties.get(name) != properties.get(name):
                        # AWS makes another one, under another physical name.
                        made = functions.make(properties, new_resource_name, region_name)
                        return cls(*made, properties)
                change = getattr(functions, "change", None)
                if change:
                    change(original_resource, properties, region_name)
                original_resource.properties = properties
                return original_resource

            @classmethod
            def delete_from_cloudformation_json(cls, *_):
                pass

            def delete(self, account_id, region):
                remove = getattr(functions, "remove", None)
                if remove:
                    remove(self.physical_resource_id, region)
                end = getattr(functions, "end", None)
                if end:
                    end(self, region)

        Kind.__name__ = cfn_type.replace("::", "_")
        KINDS.append(Kind)
        return functions

    return declare


@kind("AWS::DynamoDB::GlobalTable", "TableName")
class GlobalTable:
    replaced_with = ("TableName", "KeySchema")

    def make(p, name, region):
        dynamodb = client("dynamodb", region)
        table = p.get("TableName") or f"{name}-{random_name()}"
        replica = p["Replicas"][0]
        made = dynamodb.create_table(
            TableName=table,
            AttributeDefinitions=p["AttributeDefinitions"],
            KeySchema=p["KeySchema"],
            BillingMode=p["BillingMode"],
            DeletionProtectionEnabled=bool(replica.get("DeletionProtectionEnabled", False)),
        )["TableDescription"]
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=p["TimeToLiveSpecification"])
        if "PointInTimeRecoverySpecification" in replica:
            dynamodb.update_continuous_backups(
                TableName=table,
                PointInTimeRecoverySpecification=replica["PointInTimeRecoverySpecification"],
            )
        return table, {"Arn": made["TableArn"], "TableId": random_name()}

    def remove(table, region):
        client("dynamodb", region).delete_table(TableName=table)


@kind("AWS::SecretsManager::Secret", "Name")
class Secret:
    def make(p, name, region):
        secrets = client("secretsmanager", region)
        try:
            arn = secrets.create_secret(
                Name=p["Name"], Description=p.get("Description", ""), SecretString=p["SecretString"]
            )["ARN"]
        except secrets.exceptions.ResourceExistsException:
            # AWS takes it over with the value that it has, if the change set says so, and refuses it otherwise.
            if not IMPORTING["existing"]:
                raise
            arn = secrets.describe_secret(SecretId=p["Name"])["ARN"]
        return arn, {"Id": arn}

    def remove(arn, region):
        client("secretsmanager", region).delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)


@kind("AWS::SQS::QueuePolicy")
class QueuePolicy:
    def make(p, name, region):
        for queue in p["Queues"]:
            client("sqs", region).set_queue_attributes(
                QueueUrl=queue, Attributes={"Policy": json.dumps(p["PolicyDocument"])}
            )
        return random_name(), {}


@kind("AWS::SNS::TopicPolicy")
class TopicPolicy:
    def make(p, name, region):
        for topic in p["Topics"]:
            client("sns", region).set_topic_attributes(
                TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(p["PolicyDocument"])
            )
        return random_name(), {}


@kind("AWS::ApiGatewayV2::Api")
class Api:
    replaced_with = ("ProtocolType",)

    def make(p, name, region):
        made = client("apigatewayv2", region).create_api(**p)
        return made["ApiId"], {"ApiId": made["ApiId"], "ApiEndpoint": made["ApiEndpoint"]}

    def remove(api, region):
        client("apigatewayv2", region).delete_api(ApiId=api)


@kind("AWS::ApiGatewayV2::Authorizer")
class Authorizer:
    def make(p, name, region):
        # AWS reads the discovery document of the issuer, and refuses one that it cannot read.
        if os.path.exists(REFUSE_AUTHORIZERS):
            raise ValueError(f"Invalid issuer: {p['JwtConfiguration']['Issuer']}")
        made = client("apigatewayv2", region).create_authorizer(**p)
        return made["AuthorizerId"], {"AuthorizerId": made["AuthorizerId"]}

    def change(made, p, region):
        client("apigatewayv2", region).update_authorizer(
            ApiId=p["ApiId"], AuthorizerId=made.physical_resource_id, JwtConfiguration=p["JwtConfiguration"]
        )


def of_api(cfn_type, operation, id_name):
    @kind(cfn_type)
    class Part:
        def make(p, name, region):
            made = getattr(client("apigatewayv2", region), operation)(**p)
            return made[id_name], {id_name: made[id_name]}

        def remove(part, region):
            # They end with their API.
            pass


of_api("AWS::ApiGatewayV2::Integration", "create_integration", "IntegrationId")
of_api("AWS::ApiGatewayV2::Route", "create_route", "RouteId")
of_api("AWS::ApiGatewayV2::Stage", "create_stage", "StageName")


@kind("AWS::Scheduler::Schedule", "Name")
class Schedule:
    def make(p, name, region):
        schedule = p.get("Name") or f"{name}-{random_name()}"[:64]
        made = client("scheduler", region).create_schedule(**{**p, "Name": schedule})
        return schedule, {"Arn": made["ScheduleArn"]}

    def remove(schedule, region):
        client("scheduler", region).delete_schedule(Name=schedule)


def called(arn):
    """Function, and version or alias, of the ARN of one of its versions or aliases."""
    return arn.rsplit(":", 1)


# moto has no name for what refers to it, and does not delete it.
@kind("AWS::Lambda::Version")
class Version:
    replaced_with = ("FunctionName",)

    def make(p, name, region):
        # The library declares another version where the function has changed; moto overlooks most of its changes.
        functions = client("lambda", region)
        functions.update_function_configuration(FunctionName=p["FunctionName"], Description=name)
        made = functions.publish_version(FunctionName=p["FunctionName"])
        return made["FunctionArn"], {"FunctionArn": made["FunctionArn"], "Version": made["Version"]}

    def remove(arn, region):
        # AWS removes it once the update has ended; moto before, and would give the next one its number.
        pass


@kind("AWS::Lambda::Alias")
class Alias:
    replaced_with = ("FunctionName", "Name")

    def make(p, name, region):
        made = client("lambda", region).create_alias(**p)
        return made["AliasArn"], {"AliasArn": made["AliasArn"]}

    # AWS lets CodeDeploy shift it step by step, and waits for the end.
    def change(made, p, region):
        client("lambda", region).update_alias(**p)

    def remove(arn, region):
        function, name = called(arn)
        client("lambda", region).delete_alias(FunctionName=function, Name=name)


def lower(given):
    """The same with names as an API has them that begins them with a small letter."""
    if isinstance(given, list):
        return [lower(one) for one in given]
    if isinstance(given, dict):
        return {key[0].lower() + key[1:]: lower(value) for key, value in given.items()}
    return given


@kind("AWS::CodeDeploy::Application", "ApplicationName")
class Application:
    def make(p, name, region):
        application = p.get("ApplicationName") or f"{name}-{random_name()}"
        client("codedeploy", region).create_application(**{**lower(p), "applicationName": application})
        return application, {}


@kind("AWS::CodeDeploy::DeploymentGroup", "DeploymentGroupName")
class DeploymentGroup:
    replaced_with = ("ApplicationName",)

    def make(p, name, region):
        group = p.get("DeploymentGroupName") or f"{name}-{random_name()}"
        client("codedeploy", region).create_deployment_group(**{**lower(p), "deploymentGroupName": group})
        return group, {}


@kind("AWS::Lambda::EventInvokeConfig")
class EventInvokeConfig:
    def make(p, name, region):
        given = {key: value for key, value in p.items() if key != "Qualifier" or value != "$LATEST"}
        client("lambda", region).put_function_event_invoke_config(**given)
        return f"{p['FunctionName']}|{p['Qualifier']}", {}


@kind("AWS::CloudWatch::Alarm", "AlarmName")
class Alarm:
    def make(p, name, region):
        alarm = p.get("AlarmName") or f"{name}-{random_name()}"
        client("cloudwatch", region).put_metric_alarm(**{**p, "AlarmName": alarm})
        return alarm, {"Arn": f"arn:aws:cloudwatch:{region}:123456789012:alarm:{alarm}"}

    def remove(alarm, region):
        client("cloudwatch", region).delete_alarms(AlarmNames=[alarm])


@kind("AWS::Logs::QueryDefinition")
class QueryDefinition:
    # moto has no saved queries: their properties are checked by botocore's model, without a request.
    def make(p, name, region):
        logs = client("logs", region)
        shape = logs.meta.service_model.operation_model("PutQueryDefinition").input_shape
        report = ParamValidator().validate(lower(p), shape)
        if report.has_errors():
            raise ValueError(report.generate_report())
        return random_name(), {}


# Calls a handler as Lambda does, and ends with its error.
CALL = """
const { handler } = await import(process.argv[1]);
await handler(JSON.parse(process.argv[2]), { getRemainingTimeInMillis: () => Number(process.argv[3]) });
"""


@kind("Custom::InstanceRows")
class CustomResource:
    # CloudFormation invokes the function, which answers at the address that it is given. moto would need Docker for it.
    def call(request, p, region, **more):
        class Answer(http.server.BaseHTTPRequestHandler):
            def do_PUT(self):
                sent = self.rfile.read(int(self.headers["Content-Length"]))
                self.server.answer = json.loads(sent)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *given):
                pass

        function = lambda_backend("123456789012", region).get_function(p["ServiceToken"])
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server, tempfile.TemporaryDirectory() as folder:
            server.answer = None
            threading.Thread(target=server.serve_forever, daemon=True).start()
            zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(folder)
            event = {
                "RequestType": request,
                "RequestId": random_name(),
                "ResponseURL": f"http://127.0.0.1:{server.server_port}/{random_name()}",
                "StackId": "stack",
                "LogicalResourceId": "Rows",
                "ResourceType": "Custom::InstanceRows",
                "ServiceToken": p["ServiceToken"],
                "ResourceProperties": p,
                **more,
            }
            module = "file://" + os.path.join(folder, "index.mjs")
            ended = subprocess.run(
                [NODE, "--input-type=module", "--eval", CALL, module, json.dumps(event), str(function.timeout * 1000)],
                env={
                    **function.environment_vars,
                    "AWS_REGION": region,
                    "AWS_ENDPOINT_URL": f"http://127.0.0.1:{PORT}",
                    "AWS_ACCESS_KEY_ID": "testing",
                    "AWS_SECRET_ACCESS_KEY": "testing",
                },
                capture_output=True,
                timeout=function.timeout,
            )
            server.shutdown()
        if server.answer is None:
            raise ValueError(f"The custom resource did not respond: {ended.stderr.decode()}")
        if server.answer["Status"] != "SUCCESS":
            raise ValueError(f"Received response status [FAILED] from custom resource. {server.answer['Reason']}")
        return server.answer["PhysicalResourceId"]

    def make(p, name, region):
        return CustomResource.call("Create", p, region), {}

    def change(made, p, region):
        if p != made.properties:
            old = {"OldResourceProperties": made.properties, "PhysicalResourceId": made.physical_resource_id}
            CustomResource.call("Update", p, region, **old)

    def end(made, region):
        CustomResource.call("Delete", made.properties, region, PhysicalResourceId=made.physical_resource_id)


class_from_type = parsing.resource_class_from_type


def resource_class_from_type(resource_type):
    # moto takes every custom resource for its own.
    for one in KINDS:
        if resource_type.startswith("Custom::") and one.cloudformation_type() == resource_type:
            return one
    return class_from_type(resource_type)


parsing.resource_class_from_type = resource_class_from_type


def parse_json(self):
    # The templates are JSON; as YAML they take moto half a minute.
    self.template_dict = json.loads(self.template)


parse_yaml = {one: one._parse_template for one in (Stack, ChangeSet)}
for one, parse in parse_yaml.items():

    def parse_template(self, parse=parse):
        try:
            parse_json(self)
        except ValueError:
            parse(self)

    one._parse_template = parse_template


parse_text = Stack.parse_template


def parse_template_text(template):
    try:
        return json.loads(template)
    except ValueError:
        return parse_text(template)


Stack.parse_template = staticmethod(parse_template_text)


def has_parameters(self, given):
    # Those of the stack that a change set does not name keep their values.
    return all(str(self.parameters.get(name)) == str(value) for name, value in given.items())


Stack.has_parameters = has_parameters


def update_termination_protection(self):
    # moto does not have the operation, and no protection either.
    stack = self.cloudformation_backend.describe_stacks(self._get_param("StackName"))[0]
    return ActionResult({"StackId": stack.stack_id})


CloudFormationResponse.update_termination_protection = update_termination_protection

create = CloudFormationResponse.create_change_set


def create_change_set(self):
    IMPORTING["existing"] = self._get_bool_param("ImportExistingResources", False)
    return create(self)


CloudFormationResponse.create_change_set = create_change_set

execute = CloudFormationBackend.execute_change_set


def execute_change_set(self, change_set_name, stack_name=None):
    change_set = next(
        one for key, one in self.change_sets.items() if change_set_name in (key, one.change_set_name)
    )
    stack = self.stacks[change_set.stack_id]
    try:
        execute(self, change_set_name, stack_name)
    except Exception as error:
        # moto has no rollback. AWS takes the creation of a stack back, and leaves what Retain says.
        if change_set.change_set_type != "CREATE":
            raise
        print("rolled back:", error, file=sys.stderr, flush=True)
        stack._add_stack_event("ROLLBACK_IN_PROGRESS", resource_status_reason=str(error))
        made = stack.resource_map._parsed_resources
        for logical_id, resource in list(made.items()):
            declared = change_set.template_dict["Resources"].get(logical_id)
            if declared is None or declared.get("DeletionPolicy") == "Retain":
                continue
            try:
                stack.resource_map._delete_resource(resource, declared)
            except Exception as left:  # It has ended with another resource, or needs nothing.
                print("rollback of", logical_id, left, file=sys.stderr, flush=True)
            made.pop(logical_id, None)
        change_set.execution_status = "EXECUTE_FAILED"
        stack.status = "ROLLBACK_COMPLETE"
        stack._add_stack_event("ROLLBACK_COMPLETE")
        return
    # moto keeps the outputs of the earlier template after a change set, at first of an empty one.
    stack._parse_template()
    stack.output_map = stack._create_output_map()
    # AWS keeps the defaults that a stack was made with as its values; moto only those that were given.
    stack.parameters = dict(stack.resource_map.resolved_parameters)


CloudFormationBackend.execute_change_set = execute_change_set

delete = CloudFormationBackend.delete_change_set


def delete_change_set(self, *given, **named):
    # AWS answers 200 for a change set that does not exist; moto fails.
    try:
        return delete(self, *given, **named)
    except UnboundLocalError:
        return None


CloudFormationBackend.delete_change_set = delete_change_set


class ChangeSetNotFound(ServiceException):
    code = "ChangeSetNotFoundException"
    message = "The change set does not exist."


describe = CloudFormationBackend.describe_change_set


def describe_change_set(self, change_set_name):
    # moto answers as if the stack did not exist.
    known = [name for key, one in self.change_sets.items() for name in (key, one.change_set_name)]
    if change_set_name not in known:
        raise ChangeSetNotFound()
    return describe(self, change_set_name)


CloudFormationBackend.describe_change_set = describe_change_set

parse_ssm = ResourceMap.parse_ssm_parameter


def parse_ssm_parameter(self, value, value_type):
    # The previous value of a parameter is the path of an SSM parameter in AWS; moto sends what was behind it.
    try:
        return parse_ssm(self, value, value_type)
    except AttributeError:
        return value


ResourceMap.parse_ssm_parameter = parse_ssm_parameter


def end_custom_resources(self, logical_ids):
    # AWS ends what depends on something before that, and so a custom resource before its function; moto has no order.
    for logical_id in logical_ids:
        resource = self._resource_json_map[logical_id]
        if resource["Type"].startswith("Custom::") and logical_id in self._parsed_resources:
            self._delete_resource(self._parsed_resources.pop(logical_id), resource)


update_map = ResourceMap.update


def update(self, template, parameters=None):
    # In moto a removed resource stays known, so that it is not made again when it comes back; and it deletes what Retain keeps.
    gone = [name for name in self._resource_json_map if name not in template["Resources"]]
    kept = [
        name
        for name in gone
        if str(self._resource_json_map[name].get("DeletionPolicy", "")).startswith("Retain")
    ]
    end_custom_resources(self, gone)
    ended = [name for name in gone if name not in self._parsed_resources]
    for name in {*kept, *ended}:
        self._parsed_resources.pop(name, None)
        self._resource_json_map.pop(name, None)
    update_map(self, template, parameters)
    for name in gone:
        self._parsed_resources.pop(name, None)


ResourceMap.update = update

update_resource = parsing.parse_and_update_resource


def parse_and_update_resource(logical_id, resource_json, resources_map, *given, **named):
    # moto forgets a resource whose type it cannot update, such as a key of which only the deletion policy changed.
    before = resources_map._parsed_resources.get(logical_id)
    return update_resource(logical_id, resource_json, resources_map, *given, **named) or before


parsing.parse_and_update_resource = parse_and_update_resource

delete_map = ResourceMap.delete


def delete_resources(self):
    # moto knows one kind of Retain.
    for resource in self._resource_json_map.values():
        if resource.get("DeletionPolicy") == "RetainExceptOnCreate":
            resource["DeletionPolicy"] = "Retain"
    end_custom_resources(self, self._resource_json_map)
    delete_map(self)


ResourceMap.delete = delete_resources

if __name__ == "__main__":
    import moto.backends  # noqa: F401 The services register themselves.
    from moto.server import main

    main(["--host", "127.0.0.1", "--port", str(PORT)])
