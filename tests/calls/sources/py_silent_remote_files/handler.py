import ftplib

import boto3
import paramiko


def handler(event, context):
    ssh = paramiko.SSHClient()
    ssh.connect("host.example.com")
    sftp = ssh.open_sftp()
    sftp.put("/tmp/a", "/a")
    sftp.get("/a", "/tmp/a")
    sftp.put_object(Bucket="b", Key="k")
    sftp.remove("/a")
    ssh.exec_command("ls")
    ssh.execute_command(cluster="c", task="t", command="ls", interactive=True)
    with ftplib.FTP("host.example.com") as ftp:
        ftp.delete("a")
        ftp.rename("a", "b")
    return boto3.__version__
